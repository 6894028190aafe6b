//! Where photos are published, and that they are there no longer.

use anyhow::Result;
use uuid::Uuid;

use super::records::{self, make};
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
            let takedown = records::takedown(id, publication, now);
            return Ok(Some(Save::of(vec![make(&takedown, scope)])));
        }
        let standing = "SELECT photo FROM photo_standing ORDER BY photo";
        let Some(photo) = self.one_of(place, standing)? else {
            return Ok(None);
        };
        let scope = self.lies_in(place, photo)?;
        let store = self.device(place)?.store.clone();
        let latest = store.read(|read| read.latest_seen(now))?;
        let publication = records::publication(id, photo, self.purpose, latest);
        Ok(Some(Save::of(vec![make(&publication, scope)])))
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
