//! The records and the rules of a children's centre.
//!
//! Pure: nothing here does I/O, asks for the time or makes randomness; both are parameters.
//! Each module is a noun of the service. What is stored, for whom and for how long is declared
//! beside each field; [`catalogue`] holds it all.
#![forbid(unsafe_code)]

// The derive macro names this crate as its users do.
extern crate self as porch_domain;

pub mod activity;
pub mod alias;
pub mod attendance;
pub mod authority;
pub mod bytes;
pub mod catalogue;
pub mod centre;
pub mod channel;
pub mod concern;
pub mod consent;
pub mod county;
pub mod decision;
pub mod email;
pub mod erasure;
pub mod family;
pub mod id;
pub mod likeness;
pub mod membership;
pub mod name_key;
pub mod nhs_number;
pub mod notice;
pub mod person;
pub mod person_name;
pub mod phone;
pub mod photo;
pub mod postcode;
pub mod publication;
pub mod quote;
pub mod receipt;
pub mod role;
pub mod session;
pub mod standing;
pub mod stop;
pub mod stub;
pub mod text;
pub mod time;
pub mod typed_date;
pub mod withdrawal;
pub mod wording;
pub mod words;
pub mod working_days;
