//! A newcomer is registered; what was typed outlives mistakes and a killed program.

use anyhow::Result;
use fantoccini::key::Key;
use porch_tests::driver::finder::{button, checkbox, field, heading};
use porch_tests::kit::PASSWORD;
use porch_tests::steps::{self, Newcomer};

use crate::scene::{RECEPTION, Scene};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_is_registered_and_mistakes_lose_nothing() -> Result<()> {
    let scene = Scene::enrolled().await?;
    let window = scene.at_the_desk().await?;
    window.shot("newcomer-01-desk").await?;
    let newcomer = Newcomer {
        birth_date: "31/2/24".to_owned(),
        ..Newcomer::okonkwo()
    };
    steps::fill_newcomer(&window, &newcomer).await?;
    window.press(Key::Return).await?;
    window
        .find(&heading("There is something to put right"))
        .await?;
    window.see("Enter a date, such as 3/4/24").await?;
    window
        .see("Show the privacy notice, then tick that it was shown")
        .await?;
    window.shot("newcomer-02-errors").await?;
    window.colours("dark").await?;
    window.shot("newcomer-02-errors-dark").await?;
    window.colours("light").await?;
    for (what, typed) in [
        (
            field("First name").within("Parent or carer"),
            &newcomer.given_name,
        ),
        (
            field("Family name").within("Parent or carer"),
            &newcomer.family_name,
        ),
        (field("Phone").within("Parent or carer"), &newcomer.phone),
        (field("First name").within("Child"), &newcomer.child),
        (field("Family name").within("Child"), &newcomer.family_name),
        (field("Birth date").within("Child"), &newcomer.birth_date),
    ] {
        assert_eq!(&window.value(&what).await?, typed, "{what}");
    }

    window
        .fill(&field("Birth date").within("Child"), "3 apr 24")
        .await?;
    window.see("3 April 2024").await?;
    window.push(&button("Show the notice")).await?;
    window.shot("newcomer-03-notice").await?;
    window.push(&button("The privacy notice was shown")).await?;
    window
        .until("the notice ticked", async || {
            Ok(window
                .find(&checkbox("The privacy notice was shown"))
                .await?
                .is_selected()
                .await?)
        })
        .await?;
    window.push(&button("Register")).await?;
    window.at("#/family/").await?;
    window.find(&heading("Okonkwo")).await?;
    window.see("NG7 1AA").await?;
    window.see("Version").await?;
    window.shot("newcomer-04-family").await?;
    window.colours("dark").await?;
    window.shot("newcomer-04-family-dark").await?;
    assert_eq!(window.client().title().await?, "Porch");
    let address = window.client().current_url().await?.to_string();
    assert!(
        !address.contains("Okonkwo") && !address.contains("Ada"),
        "{address}"
    );
    window.close().await?;
    assert_eq!(scene.kept_in_plain(b"Okonkwo")?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_outlives_a_killed_program() -> Result<()> {
    let scene = Scene::enrolled().await?;
    let window = scene.at_the_desk().await?;
    let newcomer = Newcomer::named("Zofia", "Przykladowa", "Antek");
    steps::fill_newcomer(&window, &newcomer).await?;
    // A draft is kept 400 ms after the last key; a power cut after that loses nothing.
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    window.kill()?;

    let window = scene.open().await?;
    steps::log_in(&window, RECEPTION, PASSWORD).await?;
    window.chord(Key::Alt, 'n').await?;
    // The queue is shown nothing of it before somebody goes on with it.
    window.see("A newcomer is half registered").await?;
    assert!(!window.text().await?.contains(&newcomer.postcode));
    window.push(&button("Go on")).await?;
    window.see("What was typed before is back").await?;
    assert_eq!(
        window.value(&field("First name").within("Child")).await?,
        newcomer.child
    );
    assert_eq!(window.value(&field("Postcode")).await?, newcomer.postcode);
    window.shot("newcomer-05-draft").await?;
    window
        .tick(&checkbox("The privacy notice was shown"))
        .await?;
    window.push(&button("Register")).await?;
    window.at("#/family/").await?;
    window.find(&heading("Przykladowa")).await?;
    assert_eq!(scene.kept_in_plain(b"Przykladowa")?, None);
    window.close().await
}
