#include "completion.hpp"

namespace command {

namespace {

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

// Where no word of ours fits, file names do: bash's own default.
std::string for_bash(const std::vector<spelled_command>& all)
{
    std::vector<std::string> names;
    std::string cases;
    for (const spelled_command& each : all) {
        names.push_back(each.name);
        cases += "        " + each.name + ") words='" + joined(each.options) + "' ;;\n";
    }
    return "# catena: source this, or put it into a folder of bash-completion\n"
           "_catena() {\n"
           "    local words='' now=${COMP_WORDS[COMP_CWORD]}\n"
           "    case ${COMP_WORDS[1]} in\n" +
           cases +
           "    esac\n"
           "    [ \"$COMP_CWORD\" != 1 ] || words='" +
           joined(names) +
           " --help --version'\n"
           "    [ \"$COMP_CWORD\" = 1 ] || [ \"${now#-}\" != \"$now\" ] || words=''\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$now\"))\n"
           "}\n"
           "complete -o default -F _catena catena\n";
}

std::string for_fish(const std::vector<spelled_command>& all)
{
    std::string text = "# catena: put this into ~/.config/fish/completions/catena.fish\n";
    for (const spelled_command& each : all) {
        text += "complete -c catena -n __fish_use_subcommand -f -a " + each.name + " -d '" +
                each.about + "'\n";
        for (const std::string& option : each.options) {
            const bool is_long = option.starts_with("--");
            text += "complete -c catena -n '__fish_seen_subcommand_from " + each.name + "' " +
                    (is_long ? "-l " : "-s ") + option.substr(is_long ? 2 : 1) + '\n';
        }
    }
    return text;
}

}  // namespace

std::optional<std::string> completion_for(const std::string& shell,
                                          const std::vector<spelled_command>& all)
{
    if (shell == "bash") return for_bash(all);
    if (shell == "zsh")
        return "#compdef catena\nautoload -U +X bashcompinit && bashcompinit\n" + for_bash(all);
    if (shell == "fish") return for_fish(all);
    return std::nullopt;
}

}  // namespace command
