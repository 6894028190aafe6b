//! The one window.

use tauri::webview::{NewWindowResponse, PermissionKind, PermissionResponse};
use tauri::{App, WebviewUrl, WebviewWindowBuilder};

/// Opens the window. Its title never names anybody; it goes nowhere else and opens no other, and
/// it may use the camera and nothing besides.
pub fn open(app: &App) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Porch")
        .inner_size(1280.0, 860.0)
        .min_inner_size(800.0, 600.0)
        // Nothing that was on screen is kept in a cache or profile on disk.
        .incognito(true)
        // Pictures are dropped onto the page, which reads them itself.
        .disable_drag_drop_handler()
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_permission_request(|_, asked| match asked {
            PermissionKind::Camera => PermissionResponse::Allow,
            _ => PermissionResponse::Deny,
        })
        .build()?;
    Ok(())
}
