//! A wire between two processes that counts the bytes on it, both ways.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A wire to a server. It is cut when dropped.
pub(super) struct Wire {
    address: SocketAddr,
    carried: Arc<AtomicU64>,
    serving: JoinHandle<()>,
}

impl Wire {
    /// Lays a wire to a server on this machine.
    pub(super) async fn to(port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let carried = Arc::new(AtomicU64::new(0));
        let counted = carried.clone();
        let serving = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let counted = counted.clone();
                tokio::spawn(async move {
                    // A connection that ends is nothing to tell of.
                    let _ = carry(near, port, &counted).await;
                });
            }
        });
        Ok(Self {
            address,
            carried,
            serving,
        })
    }

    /// Where it begins.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many bytes it has carried, both ways together.
    pub(super) fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn carry(near: TcpStream, port: u16, carried: &AtomicU64) -> Result<()> {
    let far = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::try_join!(
        copy(near_read, far_write, carried),
        copy(far_read, near_write, carried)
    )?;
    Ok(())
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    carried: &AtomicU64,
) -> Result<()> {
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return Ok(to.shutdown().await?);
        };
        to.write_all(bytes).await?;
        carried.fetch_add(u64::try_from(read)?, Ordering::Relaxed);
    }
}
