//! The auth server: what it takes, what it gives, and what it makes of a refresh token that it has exchanged before.

use std::rc::Rc;

use crate::rules::Rotation;

/// So long a server with a window takes the last refresh token, in milliseconds.
const WINDOW: u64 = 10_000;

/// The session of one sign-in.
#[derive(Clone, Copy, Debug, Hash)]
struct Family {
    alive: bool,
    /// The number of its good refresh token.
    current: u32,
    /// The moment at which that was given, in milliseconds before now.
    rotated_at: u64,
}

/// The server.
#[derive(Clone, Debug)]
pub struct Server {
    rotation: Rotation,
    families: Vec<Family>,
    /// How many tokens were given out.
    given: u32,
    /// How many refreshes came.
    pub asked: u32,
    /// It answers 503 to everybody.
    pub away: bool,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Path {
    Login,
    Token,
    Revoke,
}

/// An answer: status and JSON.
pub type Reply = (u16, Rc<str>);

impl Server {
    /// A server that nobody has asked anything.
    pub const fn new(rotation: Rotation) -> Self {
        Self { rotation, families: Vec::new(), given: 0, asked: 0, away: false }
    }

    /// Does what a request asks.
    pub fn handle(&mut self, path: Path, token: &str, now: u64) -> Reply {
        self.asked += u32::from(path == Path::Token);
        if self.away {
            return (503, "{}".into());
        }
        match path {
            Path::Login => {
                self.families.push(Family { alive: true, current: 1, rotated_at: now });
                self.tokens(self.families.len() - 1)
            }
            Path::Token => self.refresh(token, now),
            Path::Revoke => {
                if let Some((family, _)) = numbers(token) {
                    self.families[family].alive = false;
                }
                (200, "{}".into())
            }
        }
    }

    /// Whether a refresh with this token would be taken.
    pub fn takes(&self, token: &str, now: u64) -> bool {
        let Some((index, number)) = numbers(token) else { return false };
        let family = self.families[index];
        let in_window = self.rotation == Rotation::Window
            && number + 1 == family.current
            && now.saturating_sub(family.rotated_at) < WINDOW;
        family.alive && (number == family.current || in_window)
    }

    /// Whether a token was exchanged before.
    pub fn has_exchanged(&self, token: &str) -> bool {
        numbers(token).is_some_and(|(family, number)| number < self.families[family].current)
    }

    /// The good refresh token of the session that this one belongs to, while that lives.
    pub fn good(&self, token: &str) -> Option<String> {
        let (index, _) = numbers(token)?;
        let family = self.families[index];
        family.alive.then(|| format!("r-{index}-{}", family.current))
    }

    /// The sessions that live.
    pub fn alive(&self) -> usize {
        self.families.iter().filter(|family| family.alive).count()
    }

    /// What of it decides about what comes.
    pub fn hash(&self, now: u64, hash: &mut impl std::hash::Hasher) {
        for family in &self.families {
            let since = now.saturating_sub(family.rotated_at).min(WINDOW);
            hash.write_u64(u64::from(family.current) << 32 | since << 1 | u64::from(family.alive));
        }
        hash.write_u32(self.given);
        hash.write_u32(self.asked);
    }

    fn refresh(&mut self, token: &str, now: u64) -> Reply {
        let is_good = self.takes(token, now);
        let (rotation, refused) = (self.rotation, (400, r#"{"error":"invalid_grant"}"#.into()));
        let Some((index, number)) = numbers(token) else { return refused };
        let family = &mut self.families[index];
        if !is_good {
            let is_reuse = number < family.current;
            family.alive &= !(is_reuse && matches!(rotation, Rotation::Strict | Rotation::Window));
            return refused;
        }
        if rotation != Rotation::Never {
            (family.current, family.rotated_at) = (family.current + 1, now);
        }
        self.tokens(index)
    }

    /// The tokens of a family. Each lasts a second longer than the one before, so that no two look alike when printed.
    fn tokens(&mut self, index: usize) -> Reply {
        self.given += 1;
        let (given, current) = (self.given, self.families[index].current);
        let lifetime = 600 + given;
        let text = format!(
            r#"{{"access_token":"a-{index}-{given}","refresh_token":"r-{index}-{current}","expires_in":{lifetime}}}"#
        );
        (200, text.into())
    }
}

/// The family and the number of a refresh token.
fn numbers(token: &str) -> Option<(usize, u32)> {
    let mut parts = token.rsplit('-');
    let number = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, number))
}

/// The refresh token in a text, if there is one.
pub fn refresh_token_in(text: &str) -> Option<&str> {
    text.split('"').find(|part| part.starts_with("r-"))
}
