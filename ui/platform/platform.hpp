// What the application asks of the place it runs in. One small interface, one file each: native.cpp (a desktop
// window) and browser.cpp (a tab); tests bring their own.
//
// Threading: the interface's thread.
// Failure:   requests, not promises: a platform that cannot do a thing does nothing.
#pragma once

#include "trace-format/result.hpp"

#include <string>
#include <string_view>

namespace cancelscope::ui {

class platform {
public:
  platform() = default;
  platform(const platform&) = delete;
  platform& operator=(const platform&) = delete;
  virtual ~platform() = default;

  /// Lets the user choose a trace; the choice arrives later through application::open. False where the platform
  /// has no chooser of its own and the application shows the one in the window.
  virtual bool choose_file() = 0;

  /// Fetches the trace at an address and feeds it to the application, later. False where addresses are files.
  virtual bool open_address(const std::string& /*address*/) { return false; }

  /// This file was opened.
  virtual void remember_file(const std::string& /*path*/) {}

  /// The name of what is open, for the window's or the tab's title.
  virtual void show_title(std::string_view title) = 0;

  /// A sentence for those who hear the screen instead of seeing it.
  virtual void announce(std::string_view sentence) = 0;

  /// The trace beside is the one that is open now, and the other way round.
  virtual void traces_swapped() {}

  /// The view as text (view/link.hpp), whenever it has changed: what the address bar shows after its `#`.
  virtual void show_link(std::string_view link) = 0;

  /// What the user likes, to be there again the next time where the platform can: `theme` ("dark" or "light"), `layout`
  /// (view/layout.hpp), `motion` ("full" or "reduced"), `notes.IDENTITY` (app/notebook.hpp); forgotten, where the value is empty. False where it could
  /// not be kept.
  virtual bool keep(std::string_view preference, std::string_view value) = 0;
  /// What was kept, or empty.
  [[nodiscard]] virtual std::string kept(std::string_view /*preference*/) const { return {}; }

  /// Hands the user a new file: written beside the trace, or downloaded. `path` may be changed so that nothing is
  /// overwritten. Where it went.
  virtual trace::result<std::string> save_file(const std::string& path, std::string_view bytes) = 0;

  /// What shows somebody else the view of that link: a whole address, where there is one.
  [[nodiscard]] virtual std::string address_of(std::string_view link) const {
    return std::string(link);
  }

  /// Draw soon, although no input came.
  virtual void request_frame() = 0;
};

} // namespace cancelscope::ui
