//! The files of what is published, for whoever puts them there, with a sheet that says what may be done with them.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::{Attribution, Purpose};
use porch_domain::id::{PublicationId, RecordId as _};
use porch_domain::photo::{Form, Photo};
use porch_domain::publication::Publication;
use porch_domain::text::BUILT_IN;
use porch_store::Write;
use porch_store::audit::Deed;
use porch_sync::protocol::Variant;
use serde::Deserialize;
use ts_rs::TS;

use crate::clock::london_date;
use crate::papers::{self, PaperFile, SavedFileView};
use crate::photos::{Gallery, PhotoState, QuoteView};
use crate::publications::days_to_take_down;
use crate::publish::permitted_until;
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

/// A picture or a quote, and what the sheet says of it.
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

/// Saves the pictures and quotes of publications that may be there, and the sheet, in a folder of their own. The audit has the
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
    let (contents, about) = work.write(|write| {
        let mut gallery = Gallery::open(work, write)?;
        let mut contents = Vec::with_capacity(request.publications.len());
        for (number, id) in (1..).zip(&request.publications) {
            contents.push(content(work, write, &mut gallery, *id, number)?);
        }
        let about = About {
            today: on(work.today),
            // The service's, never a centre's: it would tell where a family is that is hidden.
            credit: write.county_details()?.map(|details| details.service),
            contact: contact(write)?.map(|contact| contact.officer),
            days: days_to_take_down(write)?,
        };
        Ok((contents, about))
    })?;
    let page = page(&contents, &about);
    let mut files: Vec<PaperFile> = contents
        .into_iter()
        .map(|content| PaperFile {
            name: content.file,
            bytes: content.bytes,
        })
        .collect();
    files.push(PaperFile {
        name: "Read me first.html".to_owned(),
        bytes: page.into_bytes(),
    });
    let name = format!("Porch pictures and quotes {}", work.today);
    papers::save_together(work.desk.papers(), &name, &files)
}

fn content(
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
        attribution,
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
    let (file, bytes) = match (view.form, &view.quote) {
        (Form::Picture, _) => {
            let bytes = write.picture(photo, Variant::Picture)?;
            (
                format!("picture-{number}.jpg"),
                bytes.ok_or(Code::NotFound)?,
            )
        }
        (Form::Words, None) => return Err(Code::NotFound.into()),
        (Form::Words, Some(quote)) => {
            let signed = signed(quote, attribution.unwrap_or(Attribution::Anonymous))?;
            (format!("quote-{number}.txt"), signed.into_bytes())
        }
    };
    let until = permitted_until(work, write, photo)?;
    let record = Some((Photo::KIND, photo.uuid()));
    work.record(write, Deed::Disclosed, "save_published", record, &[])?;
    Ok(Sheet {
        file,
        bytes,
        taken: on(london_date(view.taken_at)),
        channel: told(&channel),
        place: where_exactly,
        live_from: on(live_from),
        until: until.map(|until| on(last_day(until))),
        reference: reference(id),
    })
}

/// Somebody's words as they are to be printed, with the name that stands under them, if one does.
fn signed(quote: &QuoteView, attribution: Attribution) -> Result<String, Refusal> {
    let mut names = quote.names.iter();
    let permitted = names.find(|permitted| permitted.attribution == attribution);
    let mut text = quote.words.clone();
    text.push('\n');
    if let Some(name) = &permitted.ok_or(Code::NoConsent)?.name {
        text.push_str(&format!("\u{2014} {name}\n"));
    }
    // Not from which language: that tells where somebody comes from, and nobody was asked for it.
    if quote.translated_from.is_some() {
        text.push_str("(Translated)\n");
    }
    Ok(text)
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

/// What may be done with the pictures and quotes, as a page that any computer shows and prints. Names nobody in them: whoever
/// puts a picture somewhere needs no name for that, and is given none to print beside it. So the caption, in which somebody may be
/// named, is not on it. The name that may stand under words is in their own file.
fn page(contents: &[Sheet], about: &About) -> String {
    let rows: String = contents.iter().map(row).collect();
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
<title>Pictures and quotes of {today}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; margin: 2rem; max-width: 70rem; }}
table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid; padding: 0.5rem; text-align: start; vertical-align: top; }}
</style>
</head>
<body>
<h1>Pictures and quotes of {today}: what they may be used for</h1>
<ul>
<li>Use each only for what its line says, and nowhere else. Do not pass it on.</li>
<li>Everybody in these pictures, and whoever said these words, or who decides for them, has said yes to that. They can change their mind at any time.</li>
<li>When we ask you to take something down, do so within {days} working days, and tell us on which day it was gone. The reference
says which we mean.</li>
<li>Give no names beside a picture, and do not describe anybody so that they can be found.</li>
<li>Print words as they are in their file, whole, with the name that stands under them there and no other.</li>
<li>Delete these files once you have used them.</li>
</ul>
{credit}{contact}<table>
<caption>The files</caption>
<thead><tr>
<th scope=\"col\">File</th><th scope=\"col\">Taken or written down</th><th scope=\"col\">May be used for</th>
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

fn row(content: &Sheet) -> String {
    let cells: String = [
        &content.taken,
        &content.channel,
        &content.place,
        &content.live_from,
        content.until.as_deref().unwrap_or("No end is set"),
        &content.reference,
    ]
    .iter()
    .map(|cell| format!("<td>{}</td>", escaped(cell)))
    .collect();
    let file = escaped(&content.file);
    format!("<tr><th scope=\"row\">{file}</th>{cells}</tr>\n")
}

/// As text of a page, whatever somebody typed.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
