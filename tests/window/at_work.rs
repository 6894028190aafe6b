//! The day at the desk: find, sign in and out, undo; with the county out of reach.

use anyhow::Result;
use fantoccini::key::Key;
use porch_tests::driver::finder::{button, checkbox, field, heading};
use porch_tests::steps::{self, Newcomer};

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_is_found_in_each_way_and_signed_in_with_two_enters() -> Result<()> {
    let scene = Scene::enrolled().await?;
    let newcomer = Newcomer {
        phone: "07700 900 853".to_owned(),
        postcode: "NG9 8GF".to_owned(),
        ..Newcomer::named("Paweł", "Đurić", "Łucja")
    };
    let window = scene.with_family(&newcomer).await?;
    for typed in [
        "đurić paw",
        "pawel dur",
        "lucja",
        "0853",
        "ng98gf",
        "3/4/24",
    ] {
        steps::search(&window, typed, "Đurić").await?;
        if typed == "pawel dur" {
            window.shot("work-01-search").await?;
            window.colours("dark").await?;
            window.shot("work-01-search-dark").await?;
            window.colours("light").await?;
        }
        window.press(Key::Escape).await?;
    }
    steps::search(&window, "pawel duric", "Đurić").await?;
    window.press(Key::Return).await?;
    window.find(&heading("Who has come?")).await?;
    window.shot("work-02-who-has-come").await?;
    steps::sign_in(&window, 2).await?;
    window.see("Łucja").await?;
    window.shot("work-03-here").await?;
    window.colours("dark").await?;
    window.shot("work-03-here-dark").await?;
    window.colours("light").await?;

    // Undo names what it undoes, and is a key away.
    window.see("Undo signing in").await?;
    window.chord(Key::Control, 'z').await?;
    window.see("Nobody is signed in").await?;

    // The second time last time's members stand ticked: Enter opens, Enter signs in.
    steps::open_family(&window, "durić", "Đurić").await?;
    steps::sign_in(&window, 2).await?;
    window.push(&button("Sign out")).await?;
    window.see("signed out").await?;
    window.see("Nobody is signed in").await?;
    steps::search(&window, "pawel duric", "Đurić").await?;
    window.press(Key::Return).await?;
    window.focused(&button("Sign in 2 people")).await?;
    window.press(Key::Return).await?;
    window.see("signed in").await?;
    window.see("1 adult, 1 child").await?;

    // One of them leaves alone; the other is still here.
    window.push(&button("Only some")).await?;
    window.tick(&checkbox("Łucja")).await?;
    window.push(&button("Sign out 1 person")).await?;
    window.see("Łucja Đurić signed out").await?;
    window.find(&button("Sign out Paweł Đurić")).await?;
    window.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_network_pulled_work_goes_on_and_is_sent_later() -> Result<()> {
    let mut scene = Scene::enrolled().await?;
    let window = scene.at_the_desk().await?;
    scene.county.disconnect().await?;
    steps::register(&window, &Newcomer::okonkwo()).await?;
    window.see("Working offline").await?;
    window.see("only here").await?;
    steps::sign_in(&window, 2).await?;
    window.shot("work-04-offline").await?;
    window.push(&button("This device and the county")).await?;
    window
        .see("Everything works; changes wait here, safe, and go by themselves.")
        .await?;
    window.shot("work-05-offline-why").await?;

    scene.county.reconnect()?;
    window.push(&button("Send now")).await?;
    window.see("All sent").await?;
    window.gone("only here").await?;
    window.press(Key::Escape).await?;
    window
        .focused(&button("This device and the county"))
        .await?;
    window.chord(Key::Control, 'k').await?;
    window.focused(&field("Find a family")).await?;
    window.close().await
}
