//! The peer: PouchDB 9 that replicates the same documents from express-pouchdb.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::documents::{Documents, PICTURE, THUMBNAIL};
use super::process::{Process, last_line};
use super::wire::Wire;

/// Where the peer's packages are installed; none when it is to be left out.
pub(super) fn installed() -> Option<PathBuf> {
    std::env::var_os("PORCH_PEER").map(PathBuf::from)
}

/// How a replication went.
pub(super) struct Replicated {
    /// How long it took.
    pub(super) took: Duration,
    /// Bytes on the wire.
    pub(super) bytes: u64,
    /// The most memory that the client ever had, in KiB.
    pub(super) peak_kib: u64,
}

/// Serves the documents, with or without the photos, and replicates them.
pub(super) async fn replicate(
    peer: &Path,
    folder: &Path,
    documents: &Documents,
    photos: bool,
) -> Result<Replicated> {
    let (served, replica) = (folder.join("served"), folder.join("replica"));
    for made in [&served, &replica] {
        std::fs::create_dir_all(made)?;
    }
    let file = folder.join("documents.ndjson");
    write(&file, documents, photos)?;
    let ready = folder.join("port");
    let mut server = Command::new("node");
    server.arg("server.mjs").arg(&served).arg(&file).arg(&ready);
    let server = Process::start(server.current_dir(peer))?;
    let wire = Wire::to(server.ready(&ready).await?.parse()?).await?;
    let mut client = Command::new("node");
    client
        .arg("client.mjs")
        .arg(format!("http://{}", wire.address()))
        .arg(&replica)
        .current_dir(peer);

    #[derive(Deserialize)]
    struct Said {
        seconds: f64,
        documents: usize,
        peak_kib: u64,
    }
    let said: Said = serde_json::from_str(&last_line(client).await?)?;
    let expected = documents.records.len()
        + if photos {
            3 * documents.shots().count()
        } else {
            0
        };
    anyhow::ensure!(said.documents == expected, "the peer lacks documents");
    Ok(Replicated {
        took: Duration::from_secs_f64(said.seconds),
        bytes: wire.carried(),
        peak_kib: said.peak_kib,
    })
}

/// The documents, one JSON a line. The server makes the pictures.
fn write(file: &Path, documents: &Documents, photos: bool) -> Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(file)?);
    let mut put = |id: String, kind: &str, fields: Value| -> Result<()> {
        let mut document = fields;
        let members = document.as_object_mut().context("fields")?;
        members.insert("_id".to_owned(), id.into());
        // A name that no field has: `kind` is one of some records.
        members.insert("record_kind".to_owned(), kind.into());
        serde_json::to_writer(&mut file, &document)?;
        Ok(file.write_all(b"\n")?)
    };
    for record in &documents.records {
        put(record.id.to_string(), record.kind, json!(record.fields))?;
    }
    if photos {
        for shot in documents.shots() {
            for (kind, id, fields) in shot.records() {
                let mut fields = json!(fields);
                if kind == "photo" {
                    let members = fields.as_object_mut().context("fields")?;
                    members.insert("_pictures".to_owned(), json!([THUMBNAIL, PICTURE]));
                }
                put(id.to_string(), kind, fields)?;
            }
        }
    }
    Ok(file.into_inner()?.sync_all()?)
}
