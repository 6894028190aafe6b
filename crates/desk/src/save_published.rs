//! The files of what is published, for whoever puts them there, with a sheet that says what may be done with them.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::{PublicationId, RecordId as _};
use porch_domain::photo::Photo;
use porch_domain::publication::Publication;
use porch_domain::text::BUILT_IN;
use porch_store::Write;
use porch_store::audit::Deed;
use porch_sync::protocol::Variant;
use serde::Deserialize;
use ts_rs::TS;

use crate::clock::london_date;
use crate::papers::{self, PaperFile, SavedFileView};
use crate::photos::{Gallery, PhotoState};
use crate::publications::{days_to_take_down, permitted_until};
use crate::receipts::{contact, last_day, place};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Which publications' files.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavePublishedRequest {
    /// The publications.
    pub publications: Vec<PublicationId>,
}

/// The language of whoever puts pictures somewhere.
const ENGLISH: &str = "en";
/// The most files at once.
const MOST_FILES: usize = 200;

/// A picture, and what the sheet says of it.
struct Sheet {
    file: String,
    bytes: Vec<u8>,
    taken: String,
    channel: String,
    place: String,
    live_from: String,
    until: Option<String>,
    reference: String,
}

/// What the sheet says of all of them.
struct About {
    today: String,
    credit: Option<String>,
    contact: Option<String>,
    days: u32,
}

/// Saves the pictures of publications that may be there, and the sheet, in a folder of their own. The audit has the
/// entries before the files are there.
pub(crate) fn save_published(
    work: &Work,
    request: SavePublishedRequest,
) -> Result<SavedFileView, Refusal> {
    if request.publications.is_empty() {
        return Err(Refusal::of_field("publications", Code::Required));
    }
    let distinct: BTreeSet<&PublicationId> = request.publications.iter().collect();
    if distinct.len() != request.publications.len() || distinct.len() > MOST_FILES {
        return Err(Refusal::of_field("publications", Code::Invalid));
    }
    let (pictures, about) = work.write(|write| {
        let mut gallery = Gallery::open(work, write)?;
        let mut pictures = Vec::with_capacity(request.publications.len());
        for (number, id) in (1..).zip(&request.publications) {
            pictures.push(picture(work, write, &mut gallery, *id, number)?);
        }
        let about = About {
            today: on(work.today),
            // The service's, never a centre's: it would tell where a family is that is hidden.
            credit: write.county_details()?.map(|details| details.service),
            contact: contact(write)?.map(|contact| contact.officer),
            days: days_to_take_down(write)?,
        };
        Ok((pictures, about))
    })?;
    let page = page(&pictures, &about);
    let mut files: Vec<PaperFile> = pictures
        .into_iter()
        .map(|picture| PaperFile {
            name: picture.file,
            bytes: picture.bytes,
        })
        .collect();
    files.push(PaperFile {
        name: "Read me first.html".to_owned(),
        bytes: page.into_bytes(),
    });
    let name = format!("Porch pictures {}", work.today);
    papers::save_together(work.desk.papers(), &name, &files)
}

fn picture(
    work: &Work,
    write: &Write<'_>,
    gallery: &mut Gallery<'_>,
    id: PublicationId,
    number: u32,
) -> Result<Sheet, Refusal> {
    let row = write.publication(id)?;
    let Publication {
        photo,
        channel,
        place: where_exactly,
        live_from,
        ..
    } = row.publication;
    // What has ended, or may not be there, is not given out once more.
    let photo = photo
        .filter(|_| row.takedown.is_none() && !row.due)
        .ok_or(Code::NoConsent)?;
    let view = gallery.view(photo)?.ok_or(Code::NotFound)?;
    if !view.channels.contains(&channel) {
        return Err(Code::ConsentExpired.into());
    }
    if view.state != PhotoState::Here {
        return Err(Code::NotFound.into());
    }
    let bytes = write
        .picture(photo, Variant::Picture)?
        .ok_or(Code::NotFound)?;
    let until = permitted_until(work, write, photo)?;
    let record = Some((Photo::KIND, photo.uuid()));
    work.record(write, Deed::Disclosed, "save_published", record, &[])?;
    Ok(Sheet {
        file: format!("picture-{number}.jpg"),
        bytes,
        taken: on(london_date(view.taken_at)),
        channel: told(&channel),
        place: where_exactly,
        live_from: on(live_from),
        until: until.map(|until| on(last_day(until))),
        reference: reference(id),
    })
}

/// What a publication is called where somebody reads it out: the end of its id, by which two are told apart.
fn reference(id: PublicationId) -> String {
    let id = id.to_string();
    id.rsplit('-').next().unwrap_or_default().to_owned()
}

/// A channel as everybody was asked for it.
fn told(channel: &Channel) -> String {
    let wording = BUILT_IN.wordings.iter().find(|wording| {
        wording.purpose == Purpose::PublicityPicture && wording.language == ENGLISH
    });
    place(channel, wording)
}

fn on(day: chrono::NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// What may be done with the pictures, as a page that any computer shows and prints. Names nobody in them: whoever
/// puts a picture somewhere needs no name for that, and is given none to print beside it. So the caption, in which somebody may be
/// named, is not on it.
fn page(pictures: &[Sheet], about: &About) -> String {
    let rows: String = pictures.iter().map(row).collect();
    let contact = about
        .contact
        .as_deref()
        .map_or_else(String::new, |contact| {
            format!("<p>Questions: {}</p>\n", escaped(contact))
        });
    let credit = about.credit.as_deref().map_or_else(String::new, |credit| {
        format!("<p>Credit: {}</p>\n", escaped(credit))
    });
    format!(
        "<!doctype html>
<html lang=\"en-GB\">
<head>
<meta charset=\"utf-8\">
<title>Pictures of {today}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; margin: 2rem; max-width: 70rem; }}
table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid; padding: 0.5rem; text-align: start; vertical-align: top; }}
</style>
</head>
<body>
<h1>Pictures of {today}: what they may be used for</h1>
<ul>
<li>Use each picture only for what its line says, and nowhere else. Do not pass it on.</li>
<li>Everybody in these pictures, or who decides for them, has said yes to that. They can change their mind at any time.</li>
<li>When we ask you to take a picture down, do so within {days} working days, and tell us on which day it was gone. The reference
says which picture we mean.</li>
<li>Give no names beside a picture, and do not describe anybody so that they can be found.</li>
<li>Delete these files once you have used them.</li>
</ul>
{credit}{contact}<table>
<caption>The pictures</caption>
<thead><tr>
<th scope=\"col\">File</th><th scope=\"col\">Taken</th><th scope=\"col\">May be used for</th>
<th scope=\"col\">Where</th><th scope=\"col\">From</th><th scope=\"col\">No new use after</th><th scope=\"col\">Reference</th>
</tr></thead>
<tbody>
{rows}</tbody>
</table>
</body>
</html>
",
        today = about.today,
        days = about.days,
    )
}

fn row(picture: &Sheet) -> String {
    let cells: String = [
        &picture.taken,
        &picture.channel,
        &picture.place,
        &picture.live_from,
        picture.until.as_deref().unwrap_or("No end is set"),
        &picture.reference,
    ]
    .iter()
    .map(|cell| format!("<td>{}</td>", escaped(cell)))
    .collect();
    let file = escaped(&picture.file);
    format!("<tr><th scope=\"row\">{file}</th>{cells}</tr>\n")
}

/// As text of a page, whatever somebody typed.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
