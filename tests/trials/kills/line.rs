//! The line between a desk and its servers: it forwards bytes without looking at them, and can stop
//! in the middle of a message until somebody was killed.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From the desk: pushes, and pictures that are sent.
    Up,
    /// To the desk: pulls, and pictures that are fetched.
    Down,
}

/// Stops the line after some more bytes.
struct Trap {
    way: Way,
    bytes_left: usize,
    sprung: Sender<usize>,
    /// Closes when whoever was to be killed was.
    held: Receiver<()>,
}

/// A trap that was set. Dropping it cuts the connection that is held, and takes the trap away.
pub(super) struct Armed {
    /// Tells the number of the server to which the stopped connection leads.
    pub(super) sprung: Receiver<usize>,
    _hold: Sender<()>,
    line: Arc<Shared>,
}

impl Drop for Armed {
    fn drop(&mut self) {
        self.line.trap.lock().unwrap().take();
    }
}

#[derive(Default)]
struct Shared {
    /// Where each server listens, while it does.
    servers: Mutex<Vec<Option<SocketAddr>>>,
    trap: Mutex<Option<Trap>>,
    /// Connections so far: each goes to the next server.
    count: Mutex<usize>,
    /// Bytes let through so far, up and down.
    let_through: Mutex<[usize; 2]>,
}

pub(super) struct Line {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
}

impl Line {
    /// A line to so many servers, of which none is there yet.
    pub(super) fn new(servers: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            servers: Mutex::new(vec![None; servers]),
            ..Shared::default()
        });
        let accepting = Arc::clone(&shared);
        // Ends with the test's process.
        std::thread::spawn(move || {
            for desk in listener.incoming().flatten() {
                accepting.connect(desk);
            }
        });
        Self { address, shared }
    }

    /// A server listens, or does no more.
    pub(super) fn lead_to(&self, server: usize, address: Option<SocketAddr>) {
        self.shared.servers.lock().unwrap()[server] = address;
    }

    /// How many bytes have gone through one way.
    pub(super) fn let_through(&self, way: Way) -> usize {
        self.shared.let_through.lock().unwrap()[way as usize]
    }

    /// Stops the line after so many more bytes one way.
    pub(super) fn arm(&self, way: Way, bytes: usize) -> Armed {
        let (sprung, told) = channel();
        let (hold, held) = channel();
        *self.shared.trap.lock().unwrap() = Some(Trap {
            way,
            bytes_left: bytes,
            sprung,
            held,
        });
        Armed {
            sprung: told,
            _hold: hold,
            line: Arc::clone(&self.shared),
        }
    }
}

impl Shared {
    fn connect(self: &Arc<Self>, desk: TcpStream) {
        let there: Vec<(usize, SocketAddr)> = {
            let servers = self.servers.lock().unwrap();
            let there = servers.iter().enumerate();
            there.filter_map(|(n, at)| at.map(|at| (n, at))).collect()
        };
        if there.is_empty() {
            return;
        }
        let turn = {
            let mut count = self.count.lock().unwrap();
            *count += 1;
            *count
        };
        let (number, address) = there[turn % there.len()];
        let Ok(server) = TcpStream::connect(address) else {
            return;
        };
        let (from_desk, to_desk) = (desk.try_clone().unwrap(), desk);
        let (from_server, to_server) = (server.try_clone().unwrap(), server);
        for (way, from, to) in [
            (Way::Up, from_desk, to_server),
            (Way::Down, from_server, to_desk),
        ] {
            let shared = Arc::clone(self);
            std::thread::spawn(move || {
                shared.forward(way, number, &from, &to);
                // Whichever end is gone, so is the other.
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    }

    fn forward(&self, way: Way, server: usize, mut from: &TcpStream, mut to: &TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let (let_through, trap) = self.passing(way, count);
            if to.write_all(&buffer[..let_through]).is_err() {
                return;
            }
            self.let_through.lock().unwrap()[way as usize] += let_through;
            if let Some(trap) = trap {
                let _ = trap.sprung.send(server);
                // Nobody sends: this waits until the other end is dropped.
                let _ = trap.held.recv();
                return;
            }
        }
    }

    /// How many of these bytes go through, and the trap that keeps the rest.
    fn passing(&self, way: Way, count: usize) -> (usize, Option<Trap>) {
        let mut set = self.trap.lock().unwrap();
        match set.as_mut().filter(|trap| trap.way == way) {
            Some(trap) if trap.bytes_left >= count => {
                trap.bytes_left -= count;
                (count, None)
            }
            Some(trap) => (trap.bytes_left, set.take()),
            None => (count, None),
        }
    }
}
