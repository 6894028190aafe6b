//! A display, looked at and typed on from outside, as a person would: a release build takes no
//! driver, and nothing here asks it for one. Just enough of the X11 protocol for that.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant as Moment};

use anyhow::{Context as _, Result, bail, ensure};

/// Every so many lines of the screen are looked at, and every so many points of a line.
const LINES: usize = 8;
const POINTS: usize = 4;

/// A connection to an X server on this computer that lets everybody in, as a virtual one does.
pub(super) struct Display {
    stream: UnixStream,
    root: u32,
    size: (u16, u16),
    keycodes: (u8, u8),
    waiting: Vec<[u8; 32]>,
}

impl Display {
    /// Connects to `DISPLAY`.
    pub(super) fn open() -> Result<Self> {
        let name = std::env::var("DISPLAY").context("there is no DISPLAY")?;
        let number = name
            .trim_start_matches(':')
            .split('.')
            .next()
            .unwrap_or_default()
            .to_owned();
        let mut stream =
            UnixStream::connect(Path::new("/tmp/.X11-unix").join(format!("X{number}")))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        // Little-endian, protocol 11.0, no authorisation.
        stream.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        let mut head = [0; 8];
        stream.read_exact(&mut head)?;
        let mut about = vec![0; usize::from(u16_at(&head, 6)?) * 4];
        stream.read_exact(&mut about)?;
        ensure!(head.first() == Some(&1), "the display lets nobody in");
        let (vendor, formats) = (
            usize::from(u16_at(&about, 16)?),
            usize::from(byte(&about, 21)?),
        );
        let screen = 32 + vendor.next_multiple_of(4) + formats * 8;
        Ok(Self {
            root: u32_at(&about, screen)?,
            size: (u16_at(&about, screen + 20)?, u16_at(&about, screen + 22)?),
            keycodes: (byte(&about, 26)?, byte(&about, 27)?),
            stream,
            waiting: Vec::new(),
        })
    }

    fn send(&mut self, opcode: u8, data: u8, body: &[u8]) -> Result<()> {
        let length = u16::try_from(1 + body.len() / 4)?.to_le_bytes();
        let mut request = vec![opcode, data];
        request.extend_from_slice(&length);
        request.extend_from_slice(body);
        Ok(self.stream.write_all(&request)?)
    }

    /// One packet: an event, or a reply with what follows it.
    fn packet(&mut self) -> Result<([u8; 32], Vec<u8>)> {
        let mut head = [0; 32];
        self.stream.read_exact(&mut head)?;
        let mut more = Vec::new();
        if matches!(head, [1 | 35, ..]) {
            more = vec![0; usize::try_from(u32_at(&head, 4)?)? * 4];
            self.stream.read_exact(&mut more)?;
        }
        Ok((head, more))
    }

    fn reply(&mut self) -> Result<([u8; 32], Vec<u8>)> {
        loop {
            let (head, more) = self.packet()?;
            match head {
                [1, ..] => return Ok((head, more)),
                [0, code, ..] => bail!("the display answers with error {code}"),
                _ => self.waiting.push(head),
            }
        }
    }

    /// Asks to be told of windows that come.
    pub(super) fn watch_windows(&mut self) -> Result<()> {
        let mut body = self.root.to_le_bytes().to_vec();
        body.extend_from_slice(&0x800_u32.to_le_bytes());
        body.extend_from_slice(&0x8_0000_u32.to_le_bytes());
        self.send(2, 0, &body)
    }

    /// Waits until a window of some size is on the screen.
    pub(super) fn window(&mut self) -> Result<u32> {
        loop {
            let event = match self.waiting.pop() {
                Some(event) => event,
                None => self.packet()?.0,
            };
            if matches!(event, [19, ..]) {
                let window = u32_at(&event, 8)?;
                self.send(14, 0, &window.to_le_bytes())?;
                let (geometry, _) = self.reply()?;
                if u16_at(&geometry, 16)? > 400 {
                    return Ok(window);
                }
            }
        }
    }

    /// Gives the keyboard to a window. There is no window manager that would.
    pub(super) fn focus(&mut self, window: u32) -> Result<()> {
        let mut body = window.to_le_bytes().to_vec();
        body.extend_from_slice(&0_u32.to_le_bytes());
        self.send(42, 1, &body)
    }

    /// A look at the screen: some points of some lines.
    pub(super) fn look(&mut self) -> Result<Vec<u8>> {
        let (width, height) = self.size;
        let lines: Vec<u16> = (0..height).step_by(LINES).collect();
        for line in &lines {
            self.ask_for_lines(*line, 1)?;
        }
        let mut seen = Vec::new();
        for _ in lines {
            let (_, points) = self.reply()?;
            seen.extend(
                points
                    .chunks_exact(4)
                    .take(width.into())
                    .step_by(POINTS)
                    .flat_map(|point| point.iter().copied().take(3)),
            );
        }
        Ok(seen)
    }

    fn ask_for_lines(&mut self, from: u16, count: u16) -> Result<()> {
        let mut body = self.root.to_le_bytes().to_vec();
        for number in [0, from, self.size.0, count] {
            body.extend_from_slice(&number.to_le_bytes());
        }
        body.extend_from_slice(&u32::MAX.to_le_bytes());
        self.send(73, 2, &body)
    }

    /// Keeps the whole screen as a picture, for a person to look at.
    pub(super) fn keep(&mut self, path: &Path) -> Result<()> {
        let (width, height) = self.size;
        self.ask_for_lines(0, height)?;
        let (_, points) = self.reply()?;
        let colours = points.chunks_exact(4).flat_map(|point| match *point {
            [blue, green, red, _] => [red, green, blue],
            _ => [0; 3],
        });
        let picture = image::RgbImage::from_raw(width.into(), height.into(), colours.collect())
            .context("no picture")?;
        Ok(picture.save(path)?)
    }

    /// The keys that a text is typed with; only small letters, spaces and Enter (`\r`).
    pub(super) fn keys(&mut self, text: &str) -> Result<Vec<u8>> {
        let (first, last) = self.keycodes;
        let count = (last - first).saturating_add(1);
        self.send(101, 0, &[first, count, 0, 0])?;
        let (head, symbols) = self.reply()?;
        let each = usize::from(byte(&head, 1)?) * 4;
        let symbol_of = |letter: char| {
            if letter == '\r' {
                0xff0d
            } else {
                u32::from(letter)
            }
        };
        text.chars()
            .map(|letter| {
                let at = symbols
                    .chunks_exact(each)
                    .position(|key| u32_at(key, 0).ok() == Some(symbol_of(letter)));
                let at =
                    u8::try_from(at.with_context(|| format!("the keyboard lacks {letter:?}"))?)?;
                Ok(first + at)
            })
            .collect()
    }

    /// Presses and lets go of keys, one after the other.
    pub(super) fn press(&mut self, keys: &[u8]) -> Result<()> {
        const XTEST: &[u8; 8] = b"XTEST\0\0\0";
        let mut name = vec![5, 0, 0, 0];
        name.extend_from_slice(XTEST);
        self.send(98, 0, &name)?;
        let (about, _) = self.reply()?;
        ensure!(
            byte(&about, 8)? == 1,
            "the display takes no keys from a program"
        );
        let opcode = byte(&about, 9)?;
        for key in keys {
            for what in [2, 3] {
                let mut body = [0; 32];
                body[0] = what;
                body[1] = *key;
                self.send(opcode, 2, &body)?;
            }
        }
        Ok(())
    }

    /// Looks until the screen is another one than `before` and has been as it is for a while, and
    /// says since when it has. What blinks, such as a caret, is as nothing.
    pub(super) fn settled(&mut self, before: &[u8], quiet: Duration) -> Result<Moment> {
        const BETWEEN: Duration = Duration::from_millis(15);
        let end = Moment::now() + Duration::from_secs(30);
        let mut shown = self.look()?;
        let mut since = Moment::now();
        while since.elapsed() < quiet || !differ(before, &shown) {
            ensure!(Moment::now() < end, "the screen does not come to rest");
            std::thread::sleep(BETWEEN);
            let now = self.look()?;
            if differ(&shown, &now) {
                (shown, since) = (now, Moment::now());
            }
        }
        Ok(since)
    }
}

/// Whether two looks differ by more than a caret: by one point in a thousand.
fn differ(one: &[u8], other: &[u8]) -> bool {
    let points = one.chunks_exact(3).zip(other.chunks_exact(3));
    one.len() != other.len()
        || points.filter(|(one, other)| one != other).count() * 1_000 > one.len() / 3
}

fn byte(bytes: &[u8], at: usize) -> Result<u8> {
    bytes
        .get(at)
        .copied()
        .context("the display's answer is too short")
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16> {
    Ok(u16::from_le_bytes([byte(bytes, at)?, byte(bytes, at + 1)?]))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32> {
    Ok(u32::from(u16_at(bytes, at)?) | (u32::from(u16_at(bytes, at + 2)?) << 16))
}
