//! The one window.

use std::path::Path;

use tauri::webview::{NewWindowResponse, PermissionKind, PermissionResponse};
use tauri::{App, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// Opens the window. Its title never names anybody; it goes nowhere else and opens no other, and
/// it may use the camera and nothing besides.
pub(crate) fn open(app: &App, home: &Path) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Porch")
        .inner_size(1280.0, 860.0)
        .min_inner_size(800.0, 600.0)
        // Pictures are dropped onto the page, which reads them itself.
        .disable_drag_drop_handler()
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_permission_request(|_, asked| match asked {
            PermissionKind::Camera => PermissionResponse::Allow,
            _ => PermissionResponse::Deny,
        });
    if driven() {
        // A private web view takes no driver, and a driver's picture of a screen waits for ever
        // for the compositor. What this one keeps lies with the rest of the test, which looks
        // through it for names.
        window.data_directory(home.join("driven")).build()?;
        return Ok(());
    }
    // Nothing that was on screen is kept in a cache or profile on disk.
    paint_without_graphics_card(&window.incognito(true).build()?)
}

/// Forms and lists gain nothing from a graphics card: getting it ready is a good part of WebKit's
/// start, and its drivers are a known cause of windows that stay blank (`docs/benchmarks.md`).
#[cfg(target_os = "linux")]
fn paint_without_graphics_card(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};

    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn paint_without_graphics_card(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Whether a test drives the window. A shipped build never is driven (see `main`).
fn driven() -> bool {
    cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}
