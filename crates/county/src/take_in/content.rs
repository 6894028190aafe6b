//! Content: photos and quotes that arrive, and those that fall.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record;
use porch_domain::consent::Fate;
use porch_domain::photo::{Objection, Photo, PhotoSubject};
use porch_domain::publication::{Publication, Takedown};
use porch_sync::Row;
use porch_sync::protocol::{Variant, blob_id};
use serde_json::Value;
use uuid::Uuid;

use super::{Staged, Stop, Taking};
use crate::kinds;
use crate::quarantine::Reason;
use crate::standing::{Evidence, fate, never_photograph};
use crate::store::{Blob, Stored, Work};

impl<W: Work> Taking<'_, W> {
    /// A photo is taken in with its people, all at once, and only while it stands.
    pub(super) async fn settle_photos(&mut self) -> Result<(), Stop> {
        let made = |staged: &&Staged, kind| staged.made && staged.row.kind == kind;
        let photos: Vec<Row> = self
            .staged
            .values()
            .filter(|staged| made(staged, Photo::KIND))
            .map(|staged| staged.row.clone())
            .collect();
        let subjects: Vec<Row> = self
            .staged
            .values()
            .filter(|staged| made(staged, PhotoSubject::KIND))
            .map(|staged| staged.row.clone())
            .collect();
        let photo_of = |row: &Row| kinds::id_in(&row.values(), "photo");
        let orphan = subjects.iter().any(|subject| {
            let photo = photo_of(subject);
            !photos.iter().any(|row| Some(row.id) == photo)
                && !photo.is_some_and(|photo| self.merged.removed.contains(&photo))
        });
        if orphan {
            return Err(Reason::SubjectsFrozen.into());
        }
        let arriving: Vec<Row> = self.staged.values().map(|s| s.row.clone()).collect();
        for row in &photos {
            let of_it: Vec<Row> = subjects
                .iter()
                .filter(|subject| photo_of(subject) == Some(row.id))
                .cloned()
                .collect();
            let photo: Photo = kinds::read(row).map_err(|_| Reason::MalformedRecord)?;
            let evidence = Evidence::gather(self.work, &of_it, &arriving, self.now_ms).await?;
            let objected = self.objected_to().contains(&row.id)
                || !self.work.tied(row.id, Objection::KIND).await?.is_empty();
            let stands = !objected
                && evidence.may_store(&photo)?
                && !never_photograph(self.work, &photo, &arriving).await?;
            if !stands
                && !objected
                && self
                    .rests_on_what_has_not_come(&photo, &of_it, &arriving)
                    .await?
            {
                return Err(Reason::NoSuchRecord.into());
            }
            if stands {
                self.bring_consent_along(row.id, &evidence).await?;
                self.expect_blobs(&photo).await?;
                continue;
            }
            for refused in of_it.iter().map(|row| row.id).chain([row.id]) {
                self.staged.remove(&refused);
                self.merged.removed.push(refused);
                self.work.put_removed(refused, self.now_ms).await?;
            }
        }
        // People of a photo that was removed before.
        for subject in subjects {
            let photo = photo_of(&subject);
            let gone = photo.is_some_and(|photo| self.merged.removed.contains(&photo));
            if gone && self.staged.remove(&subject.id).is_some() {
                self.merged.removed.push(subject.id);
            }
        }
        Ok(())
    }

    /// A decision that somebody in the photo is named under, or its session, is not here and was not
    /// removed: after a restore the desk that made it may not have met the county again. No answer for
    /// good follows from that.
    async fn rests_on_what_has_not_come(
        &mut self,
        photo: &Photo,
        subjects: &[Row],
        arriving: &[Row],
    ) -> Stored<bool> {
        let decisions = subjects
            .iter()
            .filter_map(|subject| kinds::id_in(&subject.values(), "decision"));
        for id in decisions.chain(photo.session.map(Into::into)) {
            let known = arriving.iter().any(|row| row.id == id)
                || self.work.record(id).await?.is_some()
                || self.work.is_removed(id).await?;
            if !known {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A publication and an objection lie where their photo does, and a takedown where its publication does. A publication is not
    /// refused for want of permission: what a desk recorded has happened, and a picture that is out there without permission is
    /// what everybody must be told of. One that names what is not here (after a restore, say) lies where it was made.
    pub(super) async fn settle_what_is_said_of_photos(&mut self) -> Result<(), Stop> {
        let made: Vec<Row> = self
            .staged
            .values()
            .filter(|staged| staged.made)
            .map(|staged| staged.row.clone())
            .collect();
        for row in made {
            let field = match row.kind.as_str() {
                Publication::KIND | Objection::KIND => "photo",
                Takedown::KIND => "publication",
                _ => continue,
            };
            let Some(named) = kinds::id_in(&row.values(), field) else {
                continue;
            };
            let scopes = self.scopes(named).await?;
            if scopes.is_empty() {
                continue;
            }
            let elsewhere = self.scopes(row.id).await?.is_disjoint(&scopes);
            if elsewhere && !self.is_county() {
                return Err(Reason::OutOfScope.into());
            }
            self.place(row.id, scopes).await?;
        }
        Ok(())
    }

    /// What a photo rests on goes wherever the photo goes, and before it.
    async fn bring_consent_along(&mut self, photo: Uuid, evidence: &Evidence) -> Stored<()> {
        let Some(scopes) = self.staged.get(&photo).map(|staged| staged.scopes.clone()) else {
            return Ok(());
        };
        for id in evidence.ids() {
            self.widen(id, &scopes).await?;
        }
        Ok(())
    }

    async fn expect_blobs(&mut self, photo: &Photo) -> Stored<()> {
        let id = photo.id.into();
        for (variant, bytes, digest) in [
            (
                Variant::Thumbnail,
                photo.thumbnail_bytes,
                photo.thumbnail_sha256,
            ),
            (Variant::Picture, photo.bytes, photo.sha256),
        ] {
            // Words have no thumbnail.
            if bytes == 0 {
                continue;
            }
            let blob = Blob {
                id: blob_id(id, variant),
                photo: id,
                bytes: u64::from(bytes),
                sha256: digest.to_bytes(),
                chunks: 0,
                complete: false,
            };
            self.work.put_blob(&blob).await?;
        }
        Ok(())
    }

    /// Photos that a new consent record takes down are removed with it, in the same unit of work.
    /// What is only suspended keeps its content and is not served while it is.
    pub(super) async fn remove_what_fell(&mut self) -> Stored<()> {
        #[cfg(feature = "simulation")]
        if porch_sync::planted::is_planted(porch_sync::planted::Planted::FallenPhotoKept) {
            return Ok(());
        }
        let arriving: Vec<Row> = self.staged.values().map(|s| s.row.clone()).collect();
        let made: Vec<Row> = self
            .staged
            .values()
            .filter(|staged| staged.made && kinds::CONSENT.contains(&staged.row.kind.as_str()))
            .map(|staged| staged.row.clone())
            .collect();
        let mut shown = Vec::new();
        for row in made {
            // A photo may be stored under what was decided for another record of the same person.
            for named in self.with_what_it_names(&row).await? {
                shown.extend(self.work.tied(named.id, PhotoSubject::KIND).await?);
            }
            let people = self.about(&row).await?;
            for person in self.widened(people).await? {
                shown.extend(self.work.tied(person, PhotoSubject::KIND).await?);
            }
        }
        for person in self.shown_by_aliases().await? {
            shown.extend(self.work.tied(person, PhotoSubject::KIND).await?);
        }
        let photos: BTreeSet<Uuid> = shown
            .iter()
            .filter_map(|subject| kinds::id_in(&subject.values(), "photo"))
            .collect();
        for photo in photos {
            if fate(self.work, photo, &arriving, self.now_ms).await? == Some(Fate::Removed) {
                self.remove_photo(photo).await?;
            }
        }
        for photo in self.objected_to() {
            // Nothing but a photo goes by an objection, whatever id it names. One that is not here yet is looked at when it
            // comes: to keep an id from ever coming could keep a No from coming whose id can be worked out.
            let known = self.latest(photo).await?;
            if known.is_some_and(|row| row.kind == Photo::KIND) {
                self.remove_photo(photo).await?;
            }
        }
        Ok(())
    }

    /// The photos to which what is made here objects.
    fn objected_to(&self) -> BTreeSet<Uuid> {
        self.staged
            .values()
            .filter(|staged| staged.made && staged.row.kind == Objection::KIND)
            .filter_map(|staged| kinds::id_in(&staged.row.values(), "photo"))
            .collect()
    }

    async fn remove_photo(&mut self, photo: Uuid) -> Stored<()> {
        if self.work.is_removed(photo).await? {
            return Ok(());
        }
        self.work.put_removed(photo, self.now_ms).await?;
        self.work.delete_blobs(photo).await?;
        self.forget_caption(photo).await?;
        self.fell.push(photo);
        self.merged.scrub = true;
        Ok(())
    }

    /// A caption names people as a picture shows them, so it goes with the picture. The record is given
    /// again, so that every device has it as it is now.
    async fn forget_caption(&mut self, photo: Uuid) -> Stored<()> {
        let Some(mut row) = self.work.record(photo).await? else {
            return Ok(());
        };
        let caption = row.fields.get_mut("caption");
        if let Some(caption) = caption.filter(|caption| !caption.value.is_null()) {
            caption.value = Value::Null;
            let scopes = self.work.scopes_of(photo).await?;
            self.work
                .put_record(&row, &scopes, &kinds::ties(&row))
                .await?;
            for scope in scopes {
                self.merged.feeds.entry(scope).or_default().push(photo);
            }
        }
        Ok(())
    }
}
