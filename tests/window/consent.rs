//! A parent decides on the hand-over pages; pictures follow what they said.

use anyhow::Result;
use fantoccini::key::Key;
use porch_tests::driver::finder::{button, heading};
use porch_tests::kit::PASSWORD;
use porch_tests::steps::{self, Newcomer};

use crate::scene::{RECEPTION, Scene};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_follows_consent_from_the_first_no_to_the_withdrawal() -> Result<()> {
    let scene = Scene::enrolled().await?;
    let newcomer = Newcomer::okonkwo();
    let picture = scene.picture()?;
    let window = scene.with_family(&newcomer).await?;

    // Before anybody was asked no picture can be kept, and the page says why.
    steps::begin_picture(&window, &newcomer.child).await?;
    window.see("nobody has said yes to pictures").await?;
    window.shot("consent-01-refused").await?;
    window.push(&button("Continue")).await?;
    window
        .find(&heading("There is something to put right"))
        .await?;
    window.press(Key::Escape).await?;
    window.push(&button("Back to the family")).await?;

    window.push(&button("Ask for consent")).await?;
    window.find(&heading("Ask for consent")).await?;
    window.shot("consent-02-who-decides").await?;
    window
        .push(&button(&format!("Hand over to {}", newcomer.parent())))
        .await?;
    window
        .find(&heading("There is something to put right"))
        .await?;
    window.press(Key::Escape).await?;
    window.at("#/family/").await?;
    steps::hand_over(&window, &newcomer.parent()).await?;
    window.shot("consent-03-start").await?;
    window.colours("dark").await?;
    window.shot("consent-03-start-dark").await?;
    window.colours("light").await?;

    // No key of the desk works here.
    window.chord(Key::Control, 'k').await?;
    window.chord(Key::Alt, 'n').await?;
    window.press(Key::Escape).await?;
    window.find(&heading("It is your choice")).await?;
    window.push(&button("Start")).await?;
    window.shot("consent-04-question").await?;
    window.push(&button("Back")).await?;
    steps::answer(&window).await?;
    window.sign().await?;
    window.see("Signature drawn.").await?;
    window.shot("consent-05-signed").await?;
    steps::finish_signing(&window).await?;
    window.shot("consent-06-thanks").await?;
    steps::take_back(&window, PASSWORD).await?;
    window.shot("consent-07-permissions").await?;

    steps::keep_picture(&window, &newcomer.child, &picture).await?;
    window.see("1 picture").await?;
    window.shot("consent-08-pictures").await?;
    window.colours("dark").await?;
    window.shot("consent-08-pictures-dark").await?;
    window.colours("light").await?;

    window.push(&button("Back to the family")).await?;
    steps::withdraw(&window, &newcomer.parent()).await?;
    window.see("1 picture was removed from this device").await?;
    window.shot("consent-09-withdrawn").await?;
    window.push(&button("Done")).await?;
    window.push(&button("Pictures")).await?;
    window.see("Removed").await?;
    window.shot("consent-10-removed").await?;
    // Not even its beginning lies anywhere in the clear.
    assert_eq!(scene.kept_in_plain(b"\xff\xd8\xff\xe0\x00\x10JF")?, None);
    window.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_killed_in_a_parents_hands_comes_back_in_a_parents_hands() -> Result<()> {
    let scene = Scene::enrolled().await?;
    let newcomer = Newcomer::okonkwo();
    let window = scene.with_family(&newcomer).await?;
    steps::hand_over(&window, &newcomer.parent()).await?;
    window.kill()?;

    let window = scene.open().await?;
    window.shot("consent-11-killed").await?;
    let text = window.text().await?;
    assert!(
        !text.contains(&newcomer.phone) && !text.contains("Find a family"),
        "{text}"
    );
    steps::log_in_to_hand_over(&window, RECEPTION, PASSWORD).await?;
    window.find(&heading("It is your choice")).await?;
    assert!(!window.text().await?.contains("Find a family"));
    window.close().await
}
