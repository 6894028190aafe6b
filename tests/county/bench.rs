//! That the measurement of sync works, with a few people: what it takes is not looked at.

use std::process::Command;

use crate::process;

#[test]
fn sync_is_measured_and_loses_no_edit() {
    let home = tempfile::tempdir().unwrap();
    let measured = Command::new(env!("CARGO_BIN_EXE_porch-bench"))
        .args(["sync", "50"])
        .env("PORCH_COUNTY", process::program())
        .env("TMPDIR", home.path())
        .env_remove("PORCH_PEER")
        .output()
        .unwrap();
    let (said, complaint) = (
        String::from_utf8_lossy(&measured.stdout),
        String::from_utf8_lossy(&measured.stderr),
    );
    assert!(measured.status.success(), "{complaint}");
    for part in [
        "First sync of a device",
        "nothing to do",
        "14 days offline",
        "killed (SIGKILL)",
        "Pushes of 50 devices",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
