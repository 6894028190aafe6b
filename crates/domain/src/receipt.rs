//! By what a receipt is known again: the short code that people read out, and the digest by which
//! the desk tells whether the ledger holds just what the paper says.

use serde_json::Value;

use crate::bytes::Digest;
use crate::catalogue::Record as _;
use crate::decision::Decision;

/// Crockford's base 32: no letter that is taken for another.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

impl Decision {
    /// Eight letters and digits, the same for all decisions that were signed together: they follow
    /// from who signed, when and on which device.
    pub fn reference(&self) -> String {
        let mut signing = self.decider.to_bytes().to_vec();
        signing.extend_from_slice(&self.decided_at.unix_ms().to_be_bytes());
        signing.extend_from_slice(&self.device.to_be_bytes());
        let mut reference: String = Digest::of(&signing)
            .to_bytes()
            .iter()
            .take(8)
            .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
            .collect();
        reference.insert(4, '-');
        reference
    }

    /// SHA-256 of the decision: of its id and fields in their stored form, as a JSON object in
    /// UTF-8 without spaces, in the order of their names. Left out are fields that are not given,
    /// so that a field added later changes no old receipt, and the signature, which goes when its
    /// subject is erased while the rest stays.
    pub fn sha256(&self) -> Digest {
        let mut fields = self.to_fields();
        fields.retain(|name, value| name != "signature" && !value.is_null());
        fields.insert("id".to_owned(), Value::from(self.id.to_string()));
        let object = Value::Object(fields.into_iter().collect());
        Digest::of(object.to_string().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use crate::bytes::Bytes;
    use crate::consent::sample::{decision, maja, pawel};
    use crate::time::Instant;

    #[test]
    fn a_digest_is_of_all_that_was_decided() {
        let yes = decision(1, maja(), 1, &["print"], &["press"]);
        assert_eq!(
            yes.sha256().to_string(),
            "84e223a1a253186b999890bd623522a4600189301cc915905e92740a699e6aa7",
            "receipts of this form are in families' hands"
        );
        let mut other = yes.clone();
        other.granted.append(&mut other.refused);
        assert_ne!(other.sha256(), yes.sha256(), "another answer");
        let mut other = yes.clone();
        other.id = decision(2, maja(), 1, &[], &[]).id;
        assert_ne!(other.sha256(), yes.sha256(), "another decision");
        let mut other = yes.clone();
        other.help = crate::decision::Help::Interpreter;
        assert_ne!(other.sha256(), yes.sha256(), "a small thing counts");
    }

    #[test]
    fn a_receipt_outlives_the_signature() {
        let yes = decision(1, maja(), 1, &["print"], &[]);
        let mut erased = yes.clone();
        erased.signature = Bytes::default();
        assert_eq!(erased.sha256(), yes.sha256());
    }

    #[test]
    fn what_was_signed_together_has_one_reference() {
        let one = decision(1, maja(), 1, &["print"], &[]);
        let other = decision(2, maja(), 1, &[], &["print"]);
        assert_eq!(one.reference(), other.reference());
        assert_eq!(one.reference().len(), 9);
        assert_ne!(
            decision(3, pawel(), 2, &["print"], &[]).reference(),
            one.reference()
        );
        let mut later = one.clone();
        later.decided_at = Instant::from_unix_ms(one.decided_at.unix_ms() + 1);
        assert_ne!(later.reference(), one.reference());
    }
}
