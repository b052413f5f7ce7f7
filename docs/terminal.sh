#!/bin/sh
# Draws what a command prints, for README.md:
#
#   (echo '$ catena demo'; catena demo) | sh docs/terminal.sh >docs/terminal.svg
set -eu
awk '
    { gsub(/&/, "\\&amp;"); gsub(/</, "\\&lt;"); gsub(/>/, "\\&gt;"); line[NR] = $0 }
    END {
        height = 18 * NR + 32
        print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 820 " height "\" width=\"820\" height=\"" height "\">"
        print "<title>What catena demo prints</title>"
        print "<style>"
        print "rect { fill: #ffffff; stroke: #d0d7de }"
        print "text { fill: #1f2328; font: 13px ui-monospace, Menlo, Consolas, monospace; white-space: pre }"
        print ".typed { fill: #0550ae; font-weight: bold }"
        print "@media (prefers-color-scheme: dark) {"
        print "rect { fill: #0d1117; stroke: #3d444d }"
        print "text { fill: #e6edf3 }"
        print ".typed { fill: #79c0ff }"
        print "}"
        print "</style>"
        print "<rect x=\"0.5\" y=\"0.5\" width=\"819\" height=\"" height - 1 "\" rx=\"8\"/>"
        for (i = 1; i <= NR; ++i)
            if (line[i] != "")
                print "<text x=\"16\" y=\"" 18 * i + 11 "\" xml:space=\"preserve\"" \
                    (line[i] ~ /^\$ / ? " class=\"typed\"" : "") ">" line[i] "</text>"
        print "</svg>"
    }'
