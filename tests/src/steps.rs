//! The main job, step by step, as a person does it in the window: by keyboard alone, but for the
//! signature. The window's tests and the demo take the same steps.

use anyhow::{Context as _, Result};
use fantoccini::key::Key;
use serde_json::Value;

use crate::driver::Window;
use crate::driver::finder::{button, checkbox, field, heading, radio};

/// A family to register.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The parent's given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// A phone number, in any spacing.
    pub phone: String,
    /// The child's given name.
    pub child: String,
    /// The child's birth date, in any form.
    pub birth_date: String,
    /// A postcode, in any spacing.
    pub postcode: String,
}

impl Newcomer {
    /// The family that most tests know.
    #[must_use]
    pub fn okonkwo() -> Self {
        Self::named("Ngozi", "Okonkwo", "Ada")
    }

    /// A family of other names.
    #[must_use]
    pub fn named(given_name: &str, family_name: &str, child: &str) -> Self {
        Self {
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            phone: "07700 900 417".to_owned(),
            child: child.to_owned(),
            birth_date: "3 apr 24".to_owned(),
            postcode: "ng71aa".to_owned(),
        }
    }

    /// The parent's whole name.
    #[must_use]
    pub fn parent(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

/// Chooses a name at the door, and logs in.
///
/// # Errors
/// When it does not lead to the desk.
pub async fn log_in(window: &Window, name: &str, password: &str) -> Result<()> {
    window.push(&button(name)).await?;
    enter_password(window, password).await?;
    at_the_desk(window).await
}

/// Logs in to a window that stands in a parent's hands.
///
/// # Errors
/// When nobody is asked for.
pub async fn log_in_to_hand_over(window: &Window, name: &str, password: &str) -> Result<()> {
    if window.has(&heading("Who is at the desk?")).await? {
        window.push(&button(name)).await?;
        enter_password(window, password).await?;
    }
    Ok(())
}

/// Types a password where one is asked for.
///
/// # Errors
/// When none is asked for.
pub async fn enter_password(window: &Window, password: &str) -> Result<()> {
    window.focused(&field("Password")).await?;
    window.write(password).await?;
    window.press(Key::Return).await
}

/// Waits for the desk: today's sessions, and the focus in the search.
///
/// # Errors
/// When it does not come.
pub async fn at_the_desk(window: &Window) -> Result<()> {
    window.find(&heading("Who is here")).await?;
    window.focused(&field("Find a family")).await
}

/// Opens the page for a newcomer and types what is known; saves nothing.
///
/// # Errors
/// When a field is missing.
pub async fn fill_newcomer(window: &Window, newcomer: &Newcomer) -> Result<()> {
    let first = field("First name").within("Parent or carer");
    window.chord(Key::Alt, 'n').await?;
    window.at("#/register").await?;
    window.focused(&first).await?;
    window.fill(&first, &newcomer.given_name).await?;
    window
        .fill(
            &field("Family name").within("Parent or carer"),
            &newcomer.family_name,
        )
        .await?;
    window
        .fill(&field("Phone").within("Parent or carer"), &newcomer.phone)
        .await?;
    window
        .fill(&field("First name").within("Child"), &newcomer.child)
        .await?;
    window
        .fill(&field("Birth date").within("Child"), &newcomer.birth_date)
        .await?;
    window.fill(&field("Postcode"), &newcomer.postcode).await
}

/// Registers a newcomer, which opens the family's page.
///
/// # Errors
/// When it is refused.
pub async fn register(window: &Window, newcomer: &Newcomer) -> Result<()> {
    fill_newcomer(window, newcomer).await?;
    save_newcomer(window, newcomer).await
}

/// Ticks the notice and saves what was typed, which opens the family's page.
///
/// # Errors
/// When it is refused.
pub async fn save_newcomer(window: &Window, newcomer: &Newcomer) -> Result<()> {
    window
        .tick(&checkbox("The privacy notice was shown"))
        .await?;
    window.press(Key::Return).await?;
    window.at("#/family/").await?;
    window.find(&heading(&newcomer.family_name)).await.map(drop)
}

/// Types in the search until a family is the first hit.
///
/// # Errors
/// When it is not found.
pub async fn search(window: &Window, text: &str, found: &str) -> Result<()> {
    window.chord(Key::Control, 'k').await?;
    window.focused(&field("Find a family")).await?;
    window.write(text).await?;
    let first = "return document.querySelector('[role=option]')?.innerText ?? '';";
    window
        .until(
            &format!("“{found}” found by “{text}”"),
            async || {
                Ok(window
                    .script(first, vec![])
                    .await?
                    .as_str()
                    .is_some_and(|hit| hit.contains(found)))
            },
        )
        .await
}

/// Finds a family and opens its page.
///
/// # Errors
/// When it is not found.
pub async fn open_family(window: &Window, text: &str, family: &str) -> Result<()> {
    search(window, text, family).await?;
    window.press(Key::Return).await?;
    window.at("#/family/").await?;
    window.find(&heading(family)).await.map(drop)
}

/// Ticks the first so many members on a family's page, and signs them in.
///
/// # Errors
/// When it is refused.
pub async fn sign_in(window: &Window, members: u32) -> Result<()> {
    window.find(&heading("Who has come?")).await?;
    // The numbers belong to the page once the search has let go of the keys.
    let searching = "return document.activeElement?.id === 'search';";
    window
        .until("the focus on the page", async || {
            Ok(window.script(searching, vec![]).await? == Value::Bool(false))
        })
        .await?;
    for number in 1..=members {
        window.write(&number.to_string()).await?;
    }
    let go = if members == 1 {
        "Sign in 1 person".to_owned()
    } else {
        format!("Sign in {members} people")
    };
    window.push(&button(&go)).await?;
    window.see("signed in").await?;
    at_the_desk(window).await
}

/// Settles on a family's page who decides, and locks the window to the consent pages.
///
/// # Errors
/// When it is refused.
pub async fn hand_over(window: &Window, parent: &str) -> Result<()> {
    window.push(&button("Ask for consent")).await?;
    window.at("#/handover/").await?;
    window
        .find(&button(&format!("Hand over to {parent}")))
        .await?;
    if window.has(&radio("Mother")).await? {
        window.tick(&radio("Mother")).await?;
        window.tick(&radio("I have seen the paper")).await?;
    }
    window
        .push(&button(&format!("Hand over to {parent}")))
        .await?;
    window.find(&heading("It is your choice")).await.map(drop)
}

/// Answers every question of the consent pages: no for the parent, yes for each child.
///
/// # Errors
/// When a page does not come.
pub async fn answer(window: &Window) -> Result<()> {
    window.push(&button("Start")).await?;
    loop {
        window
            .until("a page", async || window.has(&button("Continue")).await)
            .await?;
        let title = page_title(window).await?;
        if title.starts_with("Did somebody help") {
            break;
        }
        if title.contains("of you?") {
            window.push(&button("No to everything")).await?;
        } else {
            for place in places(window).await? {
                window.tick(&radio("Yes").within(&place)).await?;
            }
        }
        window.push(&button("Continue")).await?;
        window
            .until("the next page", async || {
                Ok(page_title(window).await? != title)
            })
            .await?;
    }
    window.tick(&radio("No, I read it myself")).await?;
    window.push(&button("Continue")).await?;
    window.push(&button("These are my answers")).await?;
    window.find(&heading("Sign your name")).await.map(drop)
}

/// Sends what was signed.
///
/// # Errors
/// When it is refused.
pub async fn finish_signing(window: &Window) -> Result<()> {
    window.push(&button("Sign and finish")).await?;
    window.see("Your answers are kept.").await
}

/// Takes the tablet back from a parent who has finished.
///
/// # Errors
/// When the password is refused.
pub async fn take_back(window: &Window, password: &str) -> Result<()> {
    window.push(&button("Finish")).await?;
    window.find(&heading("Please hand the tablet back")).await?;
    window.push(&button("I am a member of staff")).await?;
    enter_password(window, password).await?;
    window.at("#/family/").await?;
    window.find(&heading("Permissions")).await.map(drop)
}

/// From a family's page to its pictures, to choose who will be in a new one.
///
/// # Errors
/// When the page does not come.
pub async fn begin_picture(window: &Window, who: &str) -> Result<()> {
    window.push(&button("Pictures")).await?;
    window.find(&heading("Pictures")).await?;
    window.push(&button("Add a picture")).await?;
    window.tick(&checkbox(who)).await
}

/// Keeps a picture of somebody who may be photographed.
///
/// # Errors
/// When it is refused.
pub async fn keep_picture(window: &Window, who: &str, file: &std::path::Path) -> Result<()> {
    begin_picture(window, who).await?;
    window
        .see("Everybody you ticked may be photographed.")
        .await?;
    window.push(&button("Continue")).await?;
    window.find(&button("Choose files")).await?;
    window.choose_file(file).await?;
    window.push(&button("Keep this picture")).await?;
    window.see("Picture kept.").await?;
    let drawn = "return document.querySelector('main ul canvas, main ul img') !== null;";
    window
        .until("the picture drawn", async || {
            Ok(window.script(drawn, vec![]).await? == Value::Bool(true))
        })
        .await
}

/// Withdraws a child's permission for pictures on the family's page.
///
/// # Errors
/// When it is refused.
pub async fn withdraw(window: &Window, parent: &str) -> Result<()> {
    window.push(&button("Withdraw")).await?;
    window.tick(&radio(parent)).await?;
    window.tick(&radio("They are here with me")).await?;
    if window.has(&radio("Everything they said yes to")).await? {
        window.tick(&radio("Everything they said yes to")).await?;
    }
    window.push(&button("Withdraw and remove pictures")).await?;
    window.see("Permission withdrawn").await
}

/// Goes back to the desk and signs the first family there out.
///
/// # Errors
/// When nobody is there.
pub async fn sign_out(window: &Window) -> Result<()> {
    window.chord(Key::Alt, 't').await?;
    at_the_desk(window).await?;
    window.push(&button("Sign out")).await?;
    window.see("signed out").await
}

/// Locks the screen.
///
/// # Errors
/// When it stays open.
pub async fn lock(window: &Window) -> Result<()> {
    window.chord(Key::Control, 'l').await?;
    window.find(&heading("Locked")).await.map(drop)
}

/// Logs out on the locked screen, so that somebody else can log in.
///
/// # Errors
/// When the door does not come.
pub async fn change_staff(window: &Window) -> Result<()> {
    lock(window).await?;
    window.push(&button("Somebody else?")).await?;
    window.find(&heading("Who is at the desk?")).await.map(drop)
}

/// The heading of the page.
async fn page_title(window: &Window) -> Result<String> {
    let title = window
        .script(
            "return document.querySelector('h1')?.innerText ?? '';",
            vec![],
        )
        .await?;
    Ok(title.as_str().unwrap_or_default().to_owned())
}

/// The places that a consent question asks about.
async fn places(window: &Window) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('[role=radiogroup] .label')].map((each) => each.innerText);";
    let labels = window.script(script, vec![]).await?;
    let labels = labels.as_array().context("the places")?;
    Ok(labels
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}
