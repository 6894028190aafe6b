//! A data protection role orders that a person be erased. The county carries the order out and asks
//! every device that holds them to do the same; here it waits to be sent.

use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::id::{ErasureOrderId, PersonId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_person};
use crate::refusal::Refusal;
use crate::work::Work;

/// Who is to be erased.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErasePersonRequest {
    /// The person.
    pub person: PersonId,
    /// On which ground.
    pub ground: ErasureGround,
}

/// The order: its id is also the certificate's.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub(crate) struct ErasureOrderedView {
    /// The order.
    pub order: ErasureOrderId,
}

/// Ordering twice is ordering once.
pub(crate) fn erase_person(
    work: &Work,
    request: ErasePersonRequest,
) -> Result<ErasureOrderedView, Refusal> {
    work.write(|write| {
        visible_person(write, Sight(work.login.role), request.person, work.today)?;
        if let Some(order) = write.order_to_erase(request.person)? {
            return Ok(ErasureOrderedView { order });
        }
        let order = ErasureOrder {
            id: work.make_id()?,
            person: request.person,
            ground: request.ground,
            ordered_by: work.login.user,
            ordered_at: work.now,
        };
        work.save(
            write,
            "erase_person",
            vec![created(&order, work.device.centre)],
        )?;
        Ok(ErasureOrderedView { order: order.id })
    })
}
