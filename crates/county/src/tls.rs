//! The county's own certificate authority, and the server's certificate from it.
//!
//! The authority's key is made at the first start and lies in a file of its own; its certificate is
//! handed out to devices, which trust it and no other. The server's own key and certificate are
//! made at each start and every thirty days while running, and live in memory only.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::key_file;
use crate::store::StoreFailure;

/// How long the server's certificate is good, in days.
const SERVER_DAYS: u64 = 90;
/// How long the authority's certificate is good, in days: ten years.
const AUTHORITY_DAYS: u64 = 3653;

/// The names under which the server always answers.
const LOCAL_NAMES: &[&str] = &["localhost", "127.0.0.1", "::1"];

/// TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsFailure {
    /// A key file.
    #[error(transparent)]
    File(#[from] StoreFailure),
    /// The certificate's file.
    #[error("the county's certificate could not be written or read: {0}")]
    Certificate(#[from] std::io::Error),
    /// A certificate could not be made: a name is none, or the key file holds no key.
    #[error("a certificate could not be made: {0}")]
    Making(#[from] rcgen::Error),
    /// rustls did not take it.
    #[error("TLS could not be set up: {0}")]
    Setting(#[from] rustls::Error),
}

/// The county's certificate authority.
pub struct Authority {
    key: KeyPair,
    pem: String,
}

impl Authority {
    /// Opens the authority in a directory, or makes it.
    ///
    /// # Errors
    /// When its key can be read by others, or files cannot be read or written.
    pub fn open(directory: &Path, now: DateTime<Utc>) -> Result<Self, TlsFailure> {
        let certificate = directory.join("county-ca.pem");
        let key_path = directory.join("county-ca.key");
        let key = key_file::open_or_make(&key_path, || {
            Ok(KeyPair::generate()
                .map_err(|_| StoreFailure::Randomness)?
                .serialize_pem()
                .into_bytes())
        })?;
        let key = String::from_utf8(key.to_vec()).unwrap_or_default();
        let key = KeyPair::from_pem(&key)?;
        if !certificate.exists() {
            let pem = authority_params(now).self_signed(&key)?.pem();
            key_file::make_whole(&certificate, pem.as_bytes(), std::fs::OpenOptions::new())?;
        }
        let pem = std::fs::read_to_string(&certificate)?;
        Ok(Self { key, pem })
    }

    /// The public certificate to hand out, PEM.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A server's TLS: 1.3 only, by ring, with a fresh key and certificate.
    ///
    /// # Errors
    /// When a name is none.
    pub fn server_config(
        &self,
        names: &[String],
        now: DateTime<Utc>,
    ) -> Result<Arc<ServerConfig>, TlsFailure> {
        let key = KeyPair::generate()?;
        let mut all: Vec<String> = LOCAL_NAMES.iter().map(|name| (*name).to_owned()).collect();
        all.extend(names.iter().cloned());
        let mut params = CertificateParams::new(all)?;
        params.distinguished_name = named("Porch county server");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        good_for(&mut params, now, SERVER_DAYS);
        let issuer = Issuer::new(authority_params(now), &self.key);
        let certificate = params.signed_by(&key, &issuer)?;
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn authority_params(now: DateTime<Utc>) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("Porch county CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    good_for(&mut params, now, AUTHORITY_DAYS);
    params
}

/// From yesterday, since a device's clock may be behind.
fn good_for(params: &mut CertificateParams, now: DateTime<Utc>, days: u64) {
    let today = now.date_naive();
    let midnight = |day: Option<NaiveDate>| {
        let day = day.unwrap_or(today);
        let short = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(day.year(), short(day.month()), short(day.day()))
    };
    params.not_before = midnight(today.checked_sub_days(Days::new(1)));
    params.not_after = midnight(today.checked_add_days(Days::new(days)));
}
