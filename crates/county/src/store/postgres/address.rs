//! Where the database is, and how it is reached: over a socket on this machine, or over TLS.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::{StoreFailure, Stored};

/// How many connections one server process holds.
const CONNECTIONS: usize = 16;

/// How long a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(10);

/// How long a request waits until a connection comes free.
const WAITING: Duration = Duration::from_secs(30);

/// A unit of work waits no longer for another's lock than a request may take; and one whose server
/// was cut off in the middle does not hold others off for ever.
const SESSION: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s';";

/// Why a connection string was not taken. Says nothing of what it holds.
#[derive(Debug, thiserror::Error)]
pub enum AddressProblem {
    /// It is not of the form.
    #[error("the database's connection string cannot be read: write host=… dbname=… user=…")]
    Unreadable,
    /// It names no host.
    #[error("the database's connection string names no host")]
    NoHost,
    /// It names a socket on this machine and also other machines.
    #[error("the database's connection string mixes a socket and other machines")]
    Mixed,
    /// The connection needs TLS, and nothing says whom to trust.
    #[error(
        "the database is reached over the network: name the file with its authority's certificate (--database-ca)"
    )]
    NoAuthority,
    /// The file with the authority's certificate holds none.
    #[error("the file with the database's authority (--database-ca) holds no certificate")]
    NoCertificate,
    /// TLS could not be set up.
    #[error("TLS could not be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// A database.
#[derive(Clone)]
pub struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    /// The file with the authority of the database's certificate, where there is TLS.
    authority: Option<PathBuf>,
}

impl Address {
    /// Reads a connection string (`host=… dbname=… user=… password=…`, or `postgresql://…`).
    ///
    /// A host that begins with `/` is a socket's directory. Any other is reached over TLS, whatever
    /// `sslmode` says, and its certificate must be by an authority in the PEM file `authority`, and for
    /// the host's name.
    ///
    /// # Errors
    /// See [`AddressProblem`].
    pub fn read(text: &str, authority: Option<&Path>) -> Result<Self, AddressProblem> {
        let mut config: Config = text
            .trim()
            .parse()
            .map_err(|_| AddressProblem::Unreadable)?;
        let sockets = config.get_hosts().iter().filter(|h| is_socket(h)).count();
        let others = config.get_hosts().len() - sockets;
        let tls = match (sockets, others) {
            (0, 0) => return Err(AddressProblem::NoHost),
            (_, 0) => {
                config.ssl_mode(SslMode::Disable);
                None
            }
            (0, _) => {
                config.ssl_mode(SslMode::Require);
                let authority = authority.ok_or(AddressProblem::NoAuthority)?;
                Some(MakeRustlsConnect::new(trusting(authority)?))
            }
            _ => return Err(AddressProblem::Mixed),
        };
        config.application_name("porch-county");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTING);
        }
        let authority = tls.as_ref().and(authority).map(Path::to_owned);
        Ok(Self {
            config,
            tls,
            authority,
        })
    }

    /// One of PostgreSQL's own programs, told in its environment how to reach this database, as
    /// safely as this program does. What is on a command line can be read by every account of the
    /// machine; an environment by this one alone.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            // Nothing else may say where to, nor as whom.
            if name.to_str().is_some_and(|name| name.starts_with("PG")) {
                command.env_remove(name);
            }
        }
        let listed = |items: Vec<OsString>| items.join(",".as_ref());
        let config = &self.config;
        let hosts = config.get_hosts().iter().map(host).collect();
        let ports = config.get_ports().iter();
        let ports: Vec<OsString> = ports.map(|port| port.to_string().into()).collect();
        command.env("PGHOST", listed(hosts));
        if !ports.is_empty() {
            command.env("PGPORT", listed(ports));
        }
        let addresses = config.get_hostaddrs().iter();
        let addresses: Vec<OsString> = addresses.map(|ip| ip.to_string().into()).collect();
        if !addresses.is_empty() {
            command.env("PGHOSTADDR", listed(addresses));
        }
        for (name, value) in [
            ("PGUSER", config.get_user()),
            ("PGDATABASE", config.get_dbname()),
            ("PGOPTIONS", config.get_options()),
            (
                "PGPASSWORD",
                config
                    .get_password()
                    .and_then(|password| std::str::from_utf8(password).ok()),
            ),
        ] {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        match &self.authority {
            Some(authority) => command
                .env("PGSSLMODE", "verify-full")
                .env("PGSSLROOTCERT", authority),
            None => command.env("PGSSLMODE", "disable"),
        };
        command
    }

    pub(super) fn pool(self) -> Stored<Pool> {
        let manager = ManagerConfig {
            // What is given back was rolled back or committed: see super::transaction.
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match self.tls {
            Some(tls) => Manager::from_config(self.config, tls, manager),
            None => Manager::from_config(self.config, NoTls, manager),
        };
        Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAITING))
            .create_timeout(Some(WAITING))
            .recycle_timeout(Some(CONNECTING))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move {
                    client
                        .batch_execute(SESSION)
                        .await
                        .map_err(HookError::Backend)
                })
            }))
            .build()
            .map_err(|_| StoreFailure::NoConnection)
    }
}

fn host(host: &Host) -> OsString {
    match host {
        Host::Tcp(name) => name.into(),
        #[cfg(unix)]
        Host::Unix(directory) => directory.into(),
    }
}

#[cfg(unix)]
fn is_socket(host: &Host) -> bool {
    matches!(host, Host::Unix(_))
}

#[cfg(not(unix))]
fn is_socket(_host: &Host) -> bool {
    false
}

fn trusting(authority: &Path) -> Result<ClientConfig, AddressProblem> {
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(authority)
        .map_err(|_| AddressProblem::NoCertificate)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| AddressProblem::NoCertificate)?;
    for certificate in certificates {
        roots.add(certificate)?;
    }
    if roots.is_empty() {
        return Err(AddressProblem::NoCertificate);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_socket_goes_without_tls() {
        let read = |text: &str| Address::read(text, None).map(|address| address.tls.is_some());
        assert!(matches!(
            read("host=/run/postgresql dbname=porch"),
            Ok(false)
        ));
        for open in [
            "host=db.example dbname=porch sslmode=disable",
            "postgresql://porch:secret@127.0.0.1/porch?sslmode=prefer",
        ] {
            assert!(
                matches!(read(open), Err(AddressProblem::NoAuthority)),
                "{open}"
            );
        }
        assert!(matches!(
            read("host=/run/postgresql,db.example"),
            Err(AddressProblem::Mixed)
        ));
        assert!(matches!(read("dbname=porch"), Err(AddressProblem::NoHost)));
        let address = "host=/run/postgresql dbname=porch user=porch password=geheim";
        let command = Address::read(address, None).unwrap();
        let command = command.command("pg_dump".as_ref());
        assert_eq!(command.get_args().count(), 0, "nothing on the command line");
        let secret = read("host=x passwort=geheim").unwrap_err();
        assert!(matches!(secret, AddressProblem::Unreadable));
        assert!(!secret.to_string().contains("geheim"));
    }

    #[test]
    fn an_authority_that_is_none_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("ca.pem");
        for text in ["", "no certificate"] {
            std::fs::write(&file, text).unwrap();
            assert!(matches!(
                Address::read("host=db.example", Some(&file)),
                Err(AddressProblem::NoCertificate)
            ));
        }
        assert!(Address::read("host=db.example", Some(&home.path().join("gone"))).is_err());
    }

    /// A certificate for a host by an authority of its own: authority, certificate, key.
    #[cfg(unix)]
    fn certificate(by: &str, host: &str) -> (String, String, String) {
        use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
        let mut authority = CertificateParams::default();
        // No two by one name, and none by that of what it signs: OpenSSL looks for an authority by its name,
        // and would say of the wrong one that its signature is bad, not that it is not trusted.
        authority.distinguished_name.push(DnType::CommonName, by);
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let (issuing, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let signed = authority.self_signed(&issuing).unwrap().pem();
        let certificate = CertificateParams::new(vec![host.to_owned()])
            .unwrap()
            .signed_by(&key, &Issuer::new(authority, issuing))
            .unwrap();
        (signed, certificate.pem(), key.serialize_pem())
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_network_is_crossed_by_tls_under_the_named_authority_only() {
        let server = crate::throwaway::Networked::start();
        let text = |host: &str| {
            let port = server.port;
            format!("host={host} port={port} user=app dbname=postgres sslmode=disable")
        };
        let socket = text(&server.socket().display().to_string());
        let pool = Address::read(&socket, None).unwrap().pool().unwrap();
        let local = pool.get().await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let ours = home.path().join("ours.pem");
        let other = home.path().join("other.pem");
        let (authority, certificate, key) = certificate("An authority", "localhost");
        std::fs::write(&ours, authority).unwrap();
        let stranger = self::certificate("Another authority", "localhost");
        std::fs::write(&other, stranger.0).unwrap();
        let asked = async |host: &str, authority: &Path| {
            let pool = Address::read(&text(host), Some(authority))
                .unwrap()
                .pool()?;
            let connection = pool.get().await?;
            let row = connection
                .query_one(
                    "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
                    &[],
                )
                .await?;
            Stored::Ok(row.try_get::<_, bool>(0)?)
        };
        assert!(
            asked("localhost", &ours).await.is_err(),
            "it does not speak TLS yet"
        );
        // Its own hand writes the files, since nobody else may own them.
        for (file, pem) in [("server.crt", certificate), ("server.key", key)] {
            local
                .batch_execute(&format!(
                    "COPY (SELECT unnest(string_to_array('{}', E'\\n'))) TO PROGRAM 'cat >{file}'",
                    pem.trim()
                ))
                .await
                .unwrap();
        }
        local
            .batch_execute("ALTER SYSTEM SET ssl = on")
            .await
            .unwrap();
        local
            .batch_execute("SELECT pg_reload_conf()")
            .await
            .unwrap();
        let mut through = asked("localhost", &ours).await;
        for _ in 0..100 {
            if through.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            through = asked("localhost", &ours).await;
        }
        assert!(through.unwrap(), "and it is TLS, whatever sslmode says");
        assert!(
            asked("localhost", &other).await.is_err(),
            "another authority"
        );
        assert!(asked("127.0.0.1", &ours).await.is_err(), "another name");

        // PostgreSQL's own programs cross it the same way.
        let told = |host: &str, authority: &Path| {
            let address = Address::read(&text(host), Some(authority)).unwrap();
            let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            let mut psql = address.command(&crate::throwaway::program("psql"));
            let done = psql.args(["-XAtc", sql]).output().unwrap();
            String::from_utf8([done.stdout, done.stderr].concat()).unwrap()
        };
        assert_eq!(told("localhost", &ours), "t\n");
        let refused = told("localhost", &other);
        assert!(refused.contains("certificate verify failed"), "{refused}");
        let refused = told("127.0.0.1", &ours);
        assert!(refused.contains("does not match"), "{refused}");
    }
}
