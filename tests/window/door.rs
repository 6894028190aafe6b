//! Coming in: the first run, the lock, a wrong password, a change of staff, no secret service.

use anyhow::Result;
use fantoccini::key::Key;
use porch_tests::driver::finder::{button, field, heading};
use porch_tests::kit::PASSWORD;
use porch_tests::steps::{self, Newcomer};

use crate::scene::{LEAD, RECEPTION, Scene};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_computer_is_set_up_in_its_window() -> Result<()> {
    let scene = Scene::bare().await?;
    let window = scene.open().await?;
    window.find(&heading("Set up this computer")).await?;
    window.focused(&field("County server")).await?;
    window.shot("door-01-set-up").await?;
    window.colours("dark").await?;
    window.shot("door-01-set-up-dark").await?;
    window.colours("light").await?;

    // With half of it missing nothing is lost, and what is wrong is said in one place.
    window
        .fill(&field("County server"), &scene.county.url())
        .await?;
    window.press(Key::Return).await?;
    window
        .find(&heading("There is something to put right"))
        .await?;
    window.shot("door-02-set-up-errors").await?;
    assert_eq!(
        window.value(&field("County server")).await?,
        scene.county.url()
    );

    window.choose_file(&scene.certificate()?).await?;
    window
        .until("the certificate read", async || {
            Ok(window
                .value(&field("County certificate"))
                .await?
                .contains("BEGIN CERTIFICATE"))
        })
        .await?;
    window
        .fill(&field("Code for this computer"), "AAAA-AAAA-AAAA")
        .await?;
    window
        .fill(&field("Name of this computer"), "Front desk")
        .await?;
    window.fill(&field("Your name"), LEAD).await?;
    window.fill(&field("New password"), PASSWORD).await?;
    window
        .fill(&field("The same password again"), PASSWORD)
        .await?;
    window.press(Key::Return).await?;
    window
        .until("the code refused", async || {
            Ok(window.text().await?.contains("code"))
        })
        .await?;
    window
        .find(&heading("There is something to put right"))
        .await?;
    window
        .fill(&field("Code for this computer"), &scene.code().await?)
        .await?;
    window.press(Key::Return).await?;

    window.find(&heading("Who is here")).await?;
    window.see(LEAD).await?;
    window.see("All sent").await?;
    window.shot("door-03-first-desk").await?;
    assert_eq!(window.client().title().await?, "Porch");
    assert!(
        !window
            .client()
            .current_url()
            .await?
            .as_str()
            .contains("Ruth")
    );
    window.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lock_hides_everything_and_wrong_passwords_are_slowed() -> Result<()> {
    let scene = Scene::enrolled().await?;
    let newcomer = Newcomer::okonkwo();
    let window = scene.with_family(&newcomer).await?;
    steps::lock(&window).await?;
    window.gone(&newcomer.family_name).await?;
    window.shot("door-04-locked").await?;
    window.colours("dark").await?;
    window.shot("door-04-locked-dark").await?;
    window.colours("light").await?;

    steps::enter_password(&window, "not the password").await?;
    window.see("That password is not right").await?;
    // Each wrong one costs more time than the last.
    for _ in 0..4 {
        if window.text().await?.contains("Too many tries") {
            break;
        }
        steps::enter_password(&window, "still not it, sorry").await?;
        window
            .until("an answer", async || {
                let text = window.text().await?;
                Ok(text.contains("Too many tries")
                    || (text.contains("not right")
                        && window.value(&field("Password")).await?.is_empty()))
            })
            .await?;
    }
    window.see("Too many tries").await?;
    window.shot("door-05-slowed").await?;
    window.gone("Too many tries").await?;
    steps::enter_password(&window, PASSWORD).await?;
    // Back where they were, as they left it.
    window.find(&heading(&newcomer.family_name)).await?;
    window.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lock_stands_before_an_open_dialog_and_nothing_typed_is_lost() -> Result<()> {
    let scene = Scene::enrolled().await?;
    let newcomer = Newcomer::okonkwo();
    let window = scene.with_family(&newcomer).await?;
    window
        .push(&button(&format!("Edit {}", newcomer.child)))
        .await?;
    window.fill(&field("Known as"), "Adaeze").await?;
    steps::lock(&window).await?;
    window.gone("Known as").await?;
    // Esc opens no lock.
    window.press(Key::Escape).await?;
    window.find(&heading("Locked")).await?;
    window.shot("door-05-locked-dialog").await?;
    steps::enter_password(&window, PASSWORD).await?;
    window.focused(&field("Known as")).await?;
    assert_eq!(window.value(&field("Known as")).await?, "Adaeze");
    window.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_change_and_a_sealed_note_is_read_by_safeguarding_alone() -> Result<()> {
    const NOTE: &str = "He said that he was not allowed to eat at home.";
    let scene = Scene::enrolled().await?;
    let newcomer = Newcomer::okonkwo();
    let window = scene.with_family(&newcomer).await?;
    window.push(&button("Write a concern")).await?;
    window.fill(&field("What you saw or heard"), NOTE).await?;
    window.shot("door-06-concern").await?;
    window.push(&button("Seal and send")).await?;
    window.find(&heading("Sealed")).await?;
    window.push(&button("Close")).await?;
    window.gone(NOTE).await?;

    // Reception has no way to it, not by its address either.
    window.push(&button("Your login")).await?;
    window.find(&button("Log out")).await?;
    assert!(!window.has(&button("Concerns")).await?);
    window.press(Key::Escape).await?;
    window
        .script("window.location.hash = '#/concerns';", vec![])
        .await?;
    window.see("Your login may not do this").await?;
    assert!(!window.text().await?.contains(NOTE));

    steps::change_staff(&window).await?;
    window.see(RECEPTION).await?;
    window.shot("door-07-who").await?;
    steps::log_in(&window, LEAD, PASSWORD).await?;
    window.push(&button("Your login")).await?;
    window.push(&button("Concerns")).await?;
    window.see(NOTE).await?;
    window.shot("door-08-concerns").await?;
    assert_eq!(scene.kept_in_plain(b"not allowed to eat")?, None);
    window.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_secret_service_the_window_says_what_to_do() -> Result<()> {
    let mut scene = Scene::enrolled().await?;
    scene.opening.variables.push((
        "DBUS_SESSION_BUS_ADDRESS".to_owned(),
        "unix:path=/nonexistent/bus".to_owned(),
    ));
    let window = scene.open().await?;
    window.see("Ask county IT").await?;
    window.see("keyring").await?;
    window.shot("door-09-no-keyring").await?;
    window.close().await
}
