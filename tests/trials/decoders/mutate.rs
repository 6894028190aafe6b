//! Messages that nobody meant to send: mutations of good ones, the same for a seed in every run.

use porch_tests::random::Random;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A mutation of one of the messages.
pub(super) fn mutated(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let message = random.pick(corpus);
    let tree: Option<Value> = serde_json::from_slice(message).ok();
    let (mut bytes, changed) = match tree {
        Some(mut tree) if random.chance(4, 5) => {
            let other: &Vec<u8> = random.pick(corpus);
            let other = serde_json::from_slice(other).unwrap_or(Value::Null);
            for _ in 0..=random.below(3) {
                change(random, &mut tree, &other);
            }
            // A seal that does not fit is looked into no further.
            if random.chance(9, 10) {
                seal_again(&mut tree);
            }
            let mut text = tree.to_string();
            if random.chance(1, 6) {
                text = named_twice(random, &tree, text);
            }
            (text.into_bytes(), true)
        }
        _ => (message.clone(), false),
    };
    if !changed || random.chance(1, 15) {
        for _ in 0..=random.below(3) {
            scratch(random, &mut bytes, corpus);
        }
    }
    bytes
}

/// Changes some bytes, whatever they mean.
fn scratch(random: &mut Random, bytes: &mut Vec<u8>, corpus: &[Vec<u8>]) {
    let at = random.below(bytes.len() as u32 + 1) as usize;
    match random.below(7) {
        0 => bytes.truncate(at),
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = random.any().to_le_bytes()[0];
            }
        }
        // No UTF-8; an overlong slash; half of a surrogate pair; the mark of a byte order.
        3 => {
            let odd: [&[u8]; 5] = [
                b"\xff",
                b"\xc0\xaf",
                b"\xed\xa0\x80",
                b"\xef\xbb\xbf",
                b"\0",
            ];
            bytes.splice(at..at, random.pick(&odd).iter().copied());
        }
        4 => {
            let other = random.pick(corpus);
            let from = random.below(other.len() as u32 + 1) as usize;
            bytes.splice(at.., other[from..].iter().copied());
        }
        5 => {
            let end = (at + 1 + random.below(40) as usize).min(bytes.len());
            let piece = bytes[at.min(end)..end].to_vec();
            for _ in 0..random.below(50) {
                bytes.splice(at..at, piece.iter().copied());
            }
        }
        _ => bytes
            .splice(at..at, vec![b'['; 1 + random.below(200) as usize])
            .for_each(drop),
    }
}

/// Changes one value of a message.
fn change(random: &mut Random, tree: &mut Value, other: &Value) {
    let place = random.below(count(tree));
    let node = node(tree, place).expect("a place in the tree");
    // What is sealed is text of its own: most of what a push says is in there.
    if let Value::String(text) = node
        && let Ok(mut inside @ Value::Object(_)) = serde_json::from_str(text)
        && random.chance(9, 10)
    {
        for _ in 0..=random.below(2) {
            change(random, &mut inside, other);
        }
        *text = if random.chance(1, 6) {
            let written = inside.to_string();
            named_twice(random, &inside, written)
        } else {
            inside.to_string()
        };
        return;
    }
    match random.below(8) {
        0..=2 => *node = extreme(random, node),
        3 => {
            let mut other = other.clone();
            let place = random.below(count(&other));
            *node = self::node(&mut other, place).expect("a place").take();
        }
        4 => match node {
            Value::Object(members) => {
                let names: Vec<String> = members.keys().cloned().collect();
                if !names.is_empty() {
                    members.remove(random.pick(&names));
                }
            }
            Value::Array(items) if !items.is_empty() => {
                items.remove(random.below(items.len() as u32) as usize);
            }
            other => *other = Value::Null,
        },
        5 => match node {
            Value::Array(items) if !items.is_empty() => {
                let item = random.pick(items).clone();
                let times = *random.pick(&[1, 2, 40]);
                items.extend(std::iter::repeat_n(item, times));
            }
            Value::Object(members) => {
                let name = *random.pick(&["", "*", "id", "extra", "__proto__", "value\0"]);
                let value = extreme(random, &Value::Null);
                members.insert(name.to_owned(), value);
            }
            other => *other = json!([other.clone()]),
        },
        6 => match node {
            Value::Number(number) => {
                let near = number.as_u64().unwrap_or(0);
                *node = random
                    .pick(&[json!(near.wrapping_add(1)), json!(near.wrapping_sub(1))])
                    .clone();
            }
            Value::String(text) => {
                let mut letters: Vec<char> = text.chars().collect();
                let at = random.below(letters.len() as u32 + 1) as usize;
                let letter = *random.pick(&['0', 'f', 'G', '.', '-', ' ', '\0', 'é', '\u{202e}']);
                if at < letters.len() && random.chance(1, 2) {
                    letters[at] = letter;
                } else {
                    letters.insert(at, letter);
                }
                *text = letters.into_iter().collect();
            }
            Value::Bool(flag) => *flag = !*flag,
            other => *other = json!({ "value": other.clone() }),
        },
        _ => {
            let deep = *random.pick(&[3, 60, 110, 200]);
            let inside = node.take();
            *node = (0..deep).fold(inside, |inside, level| {
                if level % 2 == 0 {
                    json!([inside])
                } else {
                    json!({ "value": inside })
                }
            });
        }
    }
}

/// A value at the edge of what may be, most often of the same type.
fn extreme(random: &mut Random, of: &Value) -> Value {
    let texts = || {
        [
            String::new(),
            "\0".to_owned(),
            "x".repeat(5_000),
            "ä".repeat(300_000 / 2),
            "00000000-0000-0000-0000-000000000000".to_owned(),
            "ffffffff-ffff-ffff-ffff-ffffffffffff".to_owned(),
            "00000000-0000-0000-0000-00000000105A".to_owned(),
            "ffffffffffffffff.4294967295.18446744073709551615".to_owned(),
            "0000000000000000.0.0".to_owned(),
            "ffffffffffffffff".to_owned(),
            "f".repeat(64),
            "9999-12-31T23:59:59.999Z".to_owned(),
            "-0001-01-01".to_owned(),
            "'; DROP TABLE person; --".to_owned(),
            "\u{feff}\u{202e}\u{10ffff}".to_owned(),
        ]
    };
    let numbers = [
        json!(0),
        json!(-1),
        json!(u32::MAX),
        json!(u64::from(u32::MAX) + 1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(i64::MAX as u64 + 1),
        json!(u64::MAX - 1),
        json!(u64::MAX),
        json!(0.5),
        json!(1e300),
        json!(9_007_199_254_740_993_u64),
    ];
    let text = matches!(of, Value::String(_));
    match random.below(10) {
        0..=5 if text => Value::String(random.pick(&texts()).clone()),
        0..=5 if of.is_number() => random.pick(&numbers).clone(),
        0..=2 => random.pick(&numbers).clone(),
        3..=5 => Value::String(random.pick(&texts()).clone()),
        6 => Value::Null,
        7 => json!([]),
        8 => json!({}),
        _ => json!(true),
    }
}

fn count(tree: &Value) -> u32 {
    1 + match tree {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum::<u32>(),
        _ => 0,
    }
}

/// The value at a place, counted from the root on.
fn node(tree: &mut Value, place: u32) -> Option<&mut Value> {
    if place == 0 {
        return Some(tree);
    }
    let inside: Box<dyn Iterator<Item = &mut Value>> = match tree {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(members) => Box::new(members.values_mut()),
        _ => return None,
    };
    let mut left = place - 1;
    for value in inside {
        let here = count(value);
        if left < here {
            return node(value, left);
        }
        left -= here;
    }
    None
}

/// One member named twice, with another value.
fn named_twice(random: &mut Random, tree: &Value, mut text: String) -> String {
    let braces: Vec<usize> = text.match_indices("{\"").map(|(at, _)| at + 1).collect();
    if braces.is_empty() {
        return text;
    }
    let at = *random.pick(&braces);
    let end = text[at + 1..].find('"').map_or(at + 1, |end| at + 1 + end);
    let name = text[at + 1..end].to_owned();
    let value = extreme(random, tree);
    let value = if value.to_string().len() > 100 {
        Value::Null
    } else {
        value
    };
    text.insert_str(at, &format!("\"{name}\":{value},"));
    text
}

/// Gives each sealed transaction the digest of what it now holds.
fn seal_again(tree: &mut Value) {
    match tree {
        Value::Array(items) => items.iter_mut().for_each(seal_again),
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            if let (Some(salt), Some(body)) = (text("salt").and_then(unhex), text("body")) {
                let digest = Sha256::new()
                    .chain_update(salt)
                    .chain_update(body)
                    .finalize();
                let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                members.insert("digest".to_owned(), json!(digest));
            }
            members.values_mut().for_each(seal_again);
        }
        _ => {}
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_mutations() {
    let corpus = vec![
        br#"{"a":[1,"two",{"b":null}]}"#.to_vec(),
        b"\x01\x02".to_vec(),
    ];
    let run = || {
        let mut random = Random::new(7);
        (0..200)
            .map(|_| mutated(&mut random, &corpus))
            .collect::<Vec<_>>()
    };
    let made = run();
    assert_eq!(made, run());
    let distinct: std::collections::BTreeSet<_> = made.iter().collect();
    assert!(distinct.len() > 150, "and they differ from each other");
}
