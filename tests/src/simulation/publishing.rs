//! Where photos are published, and that they are there no longer; crowds, and objections.

use anyhow::Result;
use uuid::Uuid;

use super::pictures;
use super::records::make;
use super::save::Save;
use super::world::World;

impl World {
    /// Somebody publishes a photo, or takes one down, as often as not because they have to; none when there is neither.
    pub(super) fn publish(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let now_ms = self.now_ms();
        let now = self.device(place)?.now(now_ms);
        if self.chance.one_in(3) {
            let live = if self.chance.one_in(2) {
                "SELECT publication FROM takedown_due ORDER BY publication"
            } else {
                "SELECT id FROM publication WHERE id NOT IN (SELECT publication FROM takedown) ORDER BY id"
            };
            let Some(publication) = self.one_of(place, live)? else {
                return Ok(None);
            };
            let scope = self.lies_in(place, publication)?;
            let takedown = pictures::takedown(id, publication, now);
            return Ok(Some(Save::of(vec![make(&takedown, scope)])));
        }
        let standing = "SELECT photo FROM photo_standing ORDER BY photo";
        let Some(photo) = self.one_of(place, standing)? else {
            return Ok(None);
        };
        let scope = self.lies_in(place, photo)?;
        let store = self.device(place)?.store.clone();
        let latest = store.read(|read| read.latest_seen(now))?;
        let publication = pictures::publication(id, photo, self.purpose, latest);
        Ok(Some(Save::of(vec![make(&publication, scope)])))
    }

    /// A picture of a crowd, which rests on nobody's consent.
    pub(super) fn gather(&mut self, place: usize, id: Uuid) -> Result<Save> {
        let (centre, _) = self.at_centre(place)?;
        let now_ms = self.now_ms();
        let device = self.device(place)?;
        let now = device.now(now_ms);
        let latest = device.store.clone().read(|read| read.latest_seen(now))?;
        Ok(self.stored(pictures::crowd(id, latest), Vec::new(), centre))
    }

    /// Somebody objects to a photo that is here, removed or not; none when there is none.
    pub(super) fn object(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let Some(photo) = self.one_of(place, "SELECT id FROM photo ORDER BY id")? else {
            return Ok(None);
        };
        let now_ms = self.now_ms();
        let now = self.device(place)?.now(now_ms);
        let scope = self.lies_in(place, photo)?;
        self.known.goes_along(id, photo);
        let mut save = Save::of(vec![make(&pictures::objection(id, photo, now), scope)]);
        save.then = Box::new(move |world| {
            world.known.objected.insert(photo, id);
        });
        Ok(Some(save))
    }

    /// In which scope the county gave it, or where it was made.
    fn lies_in(&mut self, place: usize, record: Uuid) -> Result<Uuid> {
        let (centre, _) = self.at_centre(place)?;
        let device = self.device(place)?;
        let mut select = device.look.prepare_cached(
            "SELECT scope FROM holding WHERE record = ?1 ORDER BY scope <> ?2, scope",
        )?;
        let key = [record.as_bytes().as_slice(), centre.as_bytes().as_slice()];
        let mut found = select.query_map(key, |row| row.get(0).map(Uuid::from_bytes))?;
        Ok(found.next().transpose()?.unwrap_or(centre))
    }
}
