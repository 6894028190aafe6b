//! Build of the shell.

fn main() {
    // The program carries SQLCipher. Without this its sqlite3_* symbols would be exported, and
    // WebKitGTK's own libraries would bind to them (docs/security.md, "The window").
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .app_manifest(tauri_build::AppManifest::new().commands(&["call"])),
    )
    .unwrap_or_else(|error| {
        println!("cargo:warning={error:#}");
        std::process::exit(1)
    });
}
