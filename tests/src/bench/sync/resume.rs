//! A device that is killed half-way through its first sync, and goes on.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::device::{Meeting, Task};
use super::documents::Documents;
use super::process::{Process, last_line};
use super::server::{Served, code};
use super::wire::Wire;
use super::{device_process, first::megabytes};
use crate::bench::figures::{print_table, row};

/// Measures, and prints.
pub(super) async fn run(folder: &Path, county: &Path, documents: &Documents) -> Result<()> {
    let served = Served::start(county, None).await?;
    let mut rows = vec![row([
        "killed",
        "whole",
        "until then",
        "afterwards",
        "sent again",
    ])];
    let whole = {
        let wire = Wire::to(served.port).await?;
        let task = task(folder, "whole", county, documents, &served, &wire).await?;
        last_line(device_process(&task)?).await?;
        wire.carried()
    };
    for (name, tenth) in [
        ("a tenth of the way", 1),
        ("half-way", 5),
        ("at nine tenths", 9),
    ] {
        let wire = Wire::to(served.port).await?;
        let task = task(
            folder,
            &format!("killed-{tenth}"),
            county,
            documents,
            &served,
            &wire,
        )
        .await?;
        {
            let mut process = Process::start(&mut device_process(&task)?)?;
            while wire.carried() < whole / 10 * tenth && !process.has_ended()? {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        // What the server had under way comes to its end.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let until_then = wire.carried();
        let said = last_line(device_process(&task)?).await?;
        let _: Meeting = serde_json::from_str(&said)?;
        let afterwards = wire.carried() - until_then;
        rows.push(row([
            name,
            &megabytes(whole),
            &megabytes(until_then),
            &megabytes(afterwards),
            &megabytes((until_then + afterwards).saturating_sub(whole)),
        ]));
    }
    println!(
        "\nA device killed (SIGKILL) in its first sync, {} people with photos, and started again",
        documents.people.len()
    );
    print_table(&rows);
    println!("  What is sent again includes the second handshake, and what was in flight.");
    Ok(())
}

async fn task(
    folder: &Path,
    name: &str,
    county: &Path,
    documents: &Documents,
    served: &Served,
    wire: &Wire,
) -> Result<Task> {
    Ok(Task {
        folder: folder.join(name),
        way: served.by(wire),
        code: code(county, documents.centre).await?,
    })
}
