#pragma once

#include <string_view>

namespace ui::assets {

/* What the page is made of, put into the program at build time: files of the folder `web`, and
   uPlot (MIT licence, which stands in front of it), where npm could be had. */
extern const std::string_view page_html, page_css, page_js;
extern const std::string_view plot_css, plot_js;  ///< Both empty without uPlot.
/// Why there is no uPlot; empty if there is.
extern const std::string_view no_plots;

}  // namespace ui::assets
