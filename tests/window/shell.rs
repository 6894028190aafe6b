//! What the program itself must and must not do.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::scene::Scene;

#[tokio::test]
async fn the_program_shows_its_sqlite_to_nobody() -> Result<()> {
    let app = std::env::var("PORCH_APP").unwrap_or_else(|_| "../target/debug/porch".to_owned());
    let symbols = Command::new("nm")
        .args(["-D", "--defined-only", &app])
        .output()
        .context("nm")?;
    assert!(symbols.status.success());
    let symbols = String::from_utf8_lossy(&symbols.stdout);
    let shown: Vec<&str> = symbols
        .lines()
        .filter(|line| line.contains("sqlite3") || line.contains("sqlcipher"))
        .collect();
    assert!(shown.is_empty(), "{shown:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_reaches_nothing_but_its_core() -> Result<()> {
    let scene = Scene::bare().await?;
    let window = scene.open().await?;
    let probe = "const done = arguments[0];
        const tries = {
            fetch: () => fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused'),
            image: () => new Promise((told) => { const image = new Image(); image.onload = () => told('reached'); image.onerror = () => told('refused'); image.src = 'http://127.0.0.1:9/a.png'; }),
            script: async () => { const script = document.createElement('script'); script.textContent = 'window.inline = true'; document.head.append(script); return window.inline ? 'reached' : 'refused'; },
            eval: async () => { try { return document.defaultView.eval('1') === 1 ? 'reached' : 'refused'; } catch { return 'refused'; } },
            window: async () => (window.open('https://www.example/') ? 'reached' : 'refused'),
            command: () => window.__TAURI_INTERNALS__.invoke('plugin:window|set_title', { value: 'x' }).then(() => 'reached', () => 'refused'),
            prototype: async () => (Object.isFrozen(Object.prototype) ? 'refused' : 'reached'),
        };
        Promise.all(Object.entries(tries).map(async ([name, attempt]) => [name, await attempt()])).then(done);";
    let told = window.client().execute_async(probe, vec![]).await?;
    let reached: Vec<String> = told
        .as_array()
        .context("what was tried")?
        .iter()
        .filter(|pair| pair.get(1).and_then(|outcome| outcome.as_str()) != Some("refused"))
        .map(ToString::to_string)
        .collect();
    assert!(reached.is_empty(), "{reached:?}");

    // Another page in its place is refused too.
    drop(
        window
            .client()
            .execute("window.location.href = 'https://www.example/';", vec![])
            .await,
    );
    window.see("Set up this computer").await?;
    assert!(
        window
            .client()
            .current_url()
            .await?
            .as_str()
            .starts_with("tauri://")
    );
    window.close().await
}
