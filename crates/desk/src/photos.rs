//! The photos of a family or a session, and what is shown of a photo or a quote.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::{Attribution, Purpose};
use porch_domain::family::Family;
use porch_domain::id::{FamilyId, PersonId, PhotoId, RecordId as _, SessionId};
use porch_domain::person::Person;
use porch_domain::photo::{Form, Photo};
use porch_domain::quote::Quote;
use porch_domain::role::Action;
use porch_domain::session::Session;
use porch_domain::time::Instant;
use porch_store::photo::{self as store, SubjectRow};
use porch_store::photo_rule::PhotoRule;
use porch_store::{Read, StoreError};
use porch_sync::protocol::Variant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::hand_over::asked;
use crate::people::{Sight, called, name_of, visible_family, visible_person};
use crate::picture::MEDIA_TYPE;
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Whose photos, or which session's.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhotosRequest {
    /// A family's.
    pub family: Option<FamilyId>,
    /// A session's.
    pub session: Option<SessionId>,
}

/// How a photo stands on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhotoState {
    /// It can be shown.
    Here,
    /// Its picture has not arrived yet.
    OnItsWay,
    /// Its picture was removed for good.
    Removed,
    /// It may not be shown; a person must decide.
    Suspended,
}

/// A photo without its picture, or a quote with its words.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct PhotoView {
    /// The photo.
    pub photo: PhotoId,
    /// At which session it was taken, if at one.
    pub session: Option<SessionId>,
    /// When it was taken.
    pub taken_at: Instant,
    /// What it shows; none where the picture may not be shown, since a caption tells as much.
    pub caption: Option<String>,
    /// Who is in it.
    pub people: Vec<PhotoSubjectView>,
    /// Of a picture of a crowd, in which nobody is named: which event, and in which public place.
    pub public_place: Option<String>,
    /// Where it may be used: what everybody in it grants; of a crowd, wherever pictures in publicity are.
    pub channels: Vec<Channel>,
    /// Whether it is a picture or words.
    pub form: Form,
    /// The words, and how they may be signed; none of a picture, and where they may not be shown or have not arrived.
    pub quote: Option<QuoteView>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// How it stands.
    pub state: PhotoState,
}

/// Somebody's words. They are in no log, so it does not show them.
#[derive(Clone, Serialize, TS)]
pub(crate) struct QuoteView {
    /// The words.
    pub words: String,
    /// The language in which they were said, where these are a translation.
    pub translated_from: Option<String>,
    /// The names that may stand under them, the fullest first.
    pub names: Vec<QuoteNameView>,
}

impl fmt::Debug for QuoteView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuoteView").finish_non_exhaustive()
    }
}

/// A name that may stand under somebody's words.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct QuoteNameView {
    /// How much of the name.
    pub attribution: Attribution,
    /// It; none for no name.
    pub name: Option<String>,
}

/// Somebody in a photo.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct PhotoSubjectView {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}

/// A picture's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PictureSize {
    /// At most 320 pixels on its long side.
    Thumbnail,
    /// As stored.
    Full,
}

/// Which picture.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhotoPictureRequest {
    /// The photo.
    pub photo: PhotoId,
    /// The size.
    pub size: PictureSize,
}

/// A picture's bytes.
#[derive(Clone, Serialize, TS)]
pub(crate) struct PictureView {
    /// Its media type.
    pub media_type: String,
    /// Its bytes, base64.
    pub picture: String,
}

impl From<store::PhotoState> for PhotoState {
    fn from(state: store::PhotoState) -> Self {
        match state {
            store::PhotoState::Here => Self::Here,
            store::PhotoState::OnItsWay => Self::OnItsWay,
            store::PhotoState::Removed => Self::Removed,
            store::PhotoState::Suspended => Self::Suspended,
        }
    }
}

impl From<PictureSize> for Variant {
    fn from(size: PictureSize) -> Self {
        match size {
            PictureSize::Thumbnail => Self::Thumbnail,
            PictureSize::Full => Self::Picture,
        }
    }
}

pub(crate) fn photos(work: &Work, request: PhotosRequest) -> Result<Vec<PhotoView>, Refusal> {
    work.must(Action::SeePhotos)?;
    work.write(|write| {
        let photos = match (request.family, request.session) {
            (Some(family), None) => {
                visible_family(write, Sight(work.login.role), family)?;
                work.saw(write, "photos", Family::KIND, family.uuid())?;
                write.photos_of_family(family, Form::Picture, work.today)?
            }
            (None, Some(session)) => {
                work.saw(write, "photos", Session::KIND, session.uuid())?;
                write.photos_of_session(session)?
            }
            _ => return Err(Code::MalformedRequest.into()),
        };
        let mut gallery = Gallery::open(work, write)?;
        photos
            .into_iter()
            .filter_map(|photo| gallery.view(photo).transpose())
            .collect()
    })
}

/// Photos that are looked at together: who is in them and what consent says is asked for once each.
pub(crate) struct Gallery<'r> {
    work: &'r Work,
    read: &'r Read<'r>,
    rule: PhotoRule<'r>,
    /// Who was met, if they may be seen.
    people: HashMap<PersonId, Option<PhotoSubjectView>>,
    /// The names that may stand under the words of those who were met.
    names: HashMap<PersonId, Vec<QuoteNameView>>,
}

impl<'r> Gallery<'r> {
    pub(crate) fn open(work: &'r Work, read: &'r Read<'r>) -> Result<Self, Refusal> {
        Ok(Self {
            work,
            read,
            rule: PhotoRule::new(read, read.latest_seen(work.now)?),
            people: HashMap::new(),
            names: HashMap::new(),
        })
    }

    /// A photo; `None` when somebody in it is hidden from this login.
    pub(crate) fn view(&mut self, photo: PhotoId) -> Result<Option<PhotoView>, Refusal> {
        let (record, _) = self.read.record::<Photo>(photo)?;
        let subjects = self.read.photo_subjects(photo)?;
        let Some(people) = self.people_in(&subjects)? else {
            return Ok(None);
        };
        let mut state = PhotoState::from(self.rule.state(photo, &subjects)?);
        let form = record.form();
        let quote = match (form, state, subjects.first()) {
            (Form::Words, PhotoState::Here, Some(subject)) => self.quote(photo, subject.person)?,
            _ => None,
        };
        // What cannot be read cannot be used either.
        if (form, state) == (Form::Words, PhotoState::Here) && quote.is_none() {
            state = PhotoState::Suspended;
        }
        let shown = matches!(state, PhotoState::Here | PhotoState::OnItsWay);
        let is_crowd = record.is_crowd();
        Ok(Some(PhotoView {
            photo,
            session: record.session,
            taken_at: record.taken_at,
            caption: record.caption.filter(|_| shown),
            people,
            channels: match (shown, is_crowd) {
                (false, _) => Vec::new(),
                (true, true) => asked(Purpose::PublicityPicture),
                (true, false) => self.rule.channels(&subjects)?,
            },
            public_place: record.public_place.filter(|_| is_crowd),
            form,
            quote,
            width: record.width,
            height: record.height,
            state,
        }))
    }

    /// Somebody's words.
    fn quote(&mut self, photo: PhotoId, person: PersonId) -> Result<Option<QuoteView>, Refusal> {
        let Some(bytes) = self.read.picture(photo, Variant::Picture)? else {
            return Ok(None);
        };
        // What a faulty device made is nobody's words, and keeps no other from being shown.
        let Ok(said) = Quote::from_bytes(&bytes) else {
            return Ok(None);
        };
        Ok(Some(QuoteView {
            words: said.words,
            translated_from: said.translated_from,
            names: self.names_under(person)?,
        }))
    }

    /// The names that may stand under somebody's words: as much as every decision that counts permits, and none.
    fn names_under(&mut self, person: PersonId) -> Result<Vec<QuoteNameView>, Refusal> {
        if let Some(known) = self.names.get(&person) {
            return Ok(known.clone());
        }
        let records = self.read.consent_records(person)?;
        let most = records.ledger().attribution(person);
        let mut names = Vec::new();
        for attribution in Attribution::ALL.iter().filter(|less| most.permits(**less)) {
            let name = self.name_under(person, *attribution)?;
            if name.is_some() || *attribution == Attribution::Anonymous {
                names.push(QuoteNameView {
                    attribution: *attribution,
                    name,
                });
            }
        }
        self.names.insert(person, names.clone());
        Ok(names)
    }

    /// The name that stands under somebody's words. What somebody goes by may be more than a first name.
    fn name_under(
        &self,
        person: PersonId,
        attribution: Attribution,
    ) -> Result<Option<String>, Refusal> {
        let (given, family, known_as) = match self.read.record::<Person>(person) {
            Ok((person, _)) => (person.given_name, person.family_name, person.known_as),
            Err(StoreError::NotFound) => {
                let stub = self.read.stub_of(person)?;
                (stub.given_name, stub.family_name, None)
            }
            Err(error) => return Err(error.into()),
        };
        let one_word = known_as.filter(|name| name.split_whitespace().count() == 1);
        let name = match attribution {
            Attribution::FullName => {
                called(given.as_deref(), family.as_deref(), one_word.as_deref())
            }
            Attribution::FirstName => called(given.as_deref(), None, one_word.as_deref()),
            Attribution::Anonymous => String::new(),
        };
        Ok(Some(name).filter(|name| !name.is_empty()))
    }

    /// Everybody; `None` when somebody is hidden from this login.
    fn people_in(
        &mut self,
        subjects: &[SubjectRow],
    ) -> Result<Option<Vec<PhotoSubjectView>>, Refusal> {
        let mut people = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let known = match self.people.entry(subject.person) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    unknown.insert(seen_in_photo(self.work, self.read, subject.person)?)
                }
            };
            match known {
                Some(person) => people.push(person.clone()),
                None => return Ok(None),
            }
        }
        Ok(Some(people))
    }
}

/// Somebody in a photo; `None` when they are hidden from this login.
fn seen_in_photo(
    work: &Work,
    read: &Read<'_>,
    person: PersonId,
) -> Result<Option<PhotoSubjectView>, Refusal> {
    match visible_person(read, Sight(work.login.role), person, work.today) {
        Ok(person) => Ok(Some(PhotoSubjectView {
            person: person.id,
            name: name_of(&person),
        })),
        Err(refusal) if refusal.code == Code::NotFound => shown_elsewhere(work, read, person),
        Err(refusal) => Err(refusal),
    }
}

/// Somebody of another centre, by their stub; `None` for somebody of this one, who is hidden.
fn shown_elsewhere(
    work: &Work,
    read: &Read<'_>,
    person: PersonId,
) -> Result<Option<PhotoSubjectView>, Refusal> {
    if !Sight(work.login.role).names() {
        return Ok(None);
    }
    match read.record::<Person>(person) {
        Err(StoreError::NotFound) => {}
        Ok(_) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    match read.stub_of(person) {
        Ok(stub) => Ok(Some(PhotoSubjectView {
            person,
            name: called(
                stub.given_name.as_deref(),
                stub.family_name.as_deref(),
                None,
            ),
        })),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn photo_picture(
    work: &Work,
    request: PhotoPictureRequest,
) -> Result<PictureView, Refusal> {
    work.must(Action::SeePhotos)?;
    work.write(|write| {
        let (photo, _) = write.record::<Photo>(request.photo)?;
        if photo.form() != Form::Picture {
            return Err(Code::NotFound.into());
        }
        let subjects = write.photo_subjects(request.photo)?;
        let mut gallery = Gallery::open(work, write)?;
        gallery.people_in(&subjects)?.ok_or(Code::NotFound)?;
        let Some(bytes) = write.picture(request.photo, request.size.into())? else {
            return Err(match gallery.rule.state(request.photo, &subjects)? {
                store::PhotoState::Removed | store::PhotoState::Suspended => Code::PictureRemoved,
                store::PhotoState::Here | store::PhotoState::OnItsWay => Code::NotFound,
            }
            .into());
        };
        // Lists show thumbnails, and are in the audit as a whole.
        if request.size == PictureSize::Full {
            work.saw(write, "photo_picture", Photo::KIND, request.photo.uuid())?;
        }
        Ok(PictureView {
            media_type: MEDIA_TYPE.to_owned(),
            picture: BASE64.encode(bytes),
        })
    })
}
