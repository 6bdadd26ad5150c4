//! The morning of a crowd: everybody's page comes up at nine, signs in, and keeps its session; the server counts.
//!
//! Clients know nothing of each other, so each lives its morning alone, and what it sends is added up.

use doorkey::core::effect::Effect;
use doorkey::core::flow::step::{StepRequest, StepResult};
use doorkey::core::http::HttpResponse;
use doorkey::core::input::{Answer, Call, CallId, Commit, EffectId, Input};
use doorkey::core::options::{Options, Storage};
use doorkey::core::secret::Secret;
use doorkey::core::session::{Session, Setting};
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;

use crate::testing::{PLATFORM, json};

/// Nine o'clock.
const NINE: u64 = 1_800_003_600_000;

/// So finely the server counts, in milliseconds.
pub const BIN: u64 = 100;

const OPTIONS: &str = r#"{
    "flows": {
        "signin": { "url": "https://auth.example/login", "json": { "password": "{{ inputs.password }}" } },
        "refresh": { "url": "https://auth.example/token", "json": { "token": "{{ session.refreshToken }}" } }
    },
    "storage": "local",
    "crossTab": "off"
}"#;

/// What kind of morning it is. All spans in milliseconds, from nine.
#[derive(Clone, Copy, Debug)]
pub struct Morning {
    pub clients: u64,
    /// Whether each client draws for itself. Where all draw the same, they do the same at the same moments, as they do without
    /// any chance.
    pub jitter: bool,
    /// So long an access token lives.
    pub lifetime: u64,
    /// Everybody signs in within this.
    pub arrival: u64,
    /// When the server is away, and when it is back.
    pub outage: (u64, u64),
    pub end: u64,
}

/// A million clients of a server whose tokens live ten minutes. It is away when they come for the third time.
pub const NINE_SHARP: Morning = Morning {
    clients: 1_000_000,
    jitter: true,
    lifetime: 600_000,
    arrival: 1_000,
    outage: (1_500_000, 1_800_000),
    end: 3_600_000,
};

/// How many refreshes came in each bin.
#[derive(Clone, Debug)]
pub struct Counts(pub Vec<u64>);

/// A part of a morning.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// The most refreshes in any second.
    pub peak: f64,
    /// The refreshes in a second, on average.
    pub mean: f64,
}

impl Load {
    pub fn ratio(self) -> f64 {
        self.peak / self.mean
    }
}

impl Counts {
    /// The load between two moments.
    pub fn between(&self, from: u64, to: u64) -> Load {
        let bins = &self.0[(from / BIN) as usize..(to / BIN) as usize];
        let peak = bins.windows((1000 / BIN) as usize).map(|second| second.iter().sum::<u64>()).max().unwrap_or(0);
        let mean = bins.iter().sum::<u64>() as f64 / ((to - from) as f64 / 1000.0);
        Load { peak: peak as f64, mean }
    }

    fn add(&mut self, other: &Self) {
        for (sum, count) in self.0.iter_mut().zip(&other.0) {
            *sum += count;
        }
    }
}

/// Lets all clients live their morning, on all cores.
pub fn live(morning: Morning) -> Counts {
    let none = Counts(vec![0; (morning.end / BIN) as usize + 1]);
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    // Where nobody draws for himself, all who come in the same millisecond do the same: one lives for all of them.
    let lives = if morning.jitter { morning.clients } else { morning.clients.min(morning.arrival) };
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|thread| {
                let mut counts = none.clone();
                scope.spawn(move || {
                    let options = Options::parse(&json(OPTIONS)).expect("the options are right");
                    for number in (thread..lives).step_by(threads as usize) {
                        let weight = if morning.jitter { 1 } else { morning.clients / lives };
                        Client::new(&options, &morning, number).live(&morning, weight, &mut counts);
                    }
                    counts
                })
            })
            .collect();
        let mut all = none.clone();
        parts.into_iter().for_each(|part| all.add(&part.join().expect("no client panics")));
        all
    })
}

struct Client {
    session: Session,
    now: u64,
    record: Option<String>,
    /// Answers to give.
    answers: Vec<(EffectId, Answer)>,
    is_signed_in: bool,
}

impl Client {
    fn new(options: &Options, morning: &Morning, number: u64) -> Self {
        // Neighbours in number shall not be neighbours in what they draw.
        let seed = if morning.jitter { (number as u32 + 1).wrapping_mul(0x9E37_79B1) } else { 7 };
        let now = NINE + number % morning.arrival;
        let setting = Setting {
            platform: PLATFORM,
            base: None,
            storage: Storage::Local,
            seed,
            visible: true,
            found: String::new(),
        };
        let session = Session::new(options.clone(), setting, UnixMillis(now));
        Self { session, now, record: None, answers: Vec::new(), is_signed_in: false }
    }

    fn live(mut self, morning: &Morning, weight: u64, counts: &mut Counts) {
        self.drain(morning, weight, counts);
        let inputs = json(r#"{ "password": "x" }"#);
        self.input(Input::Call(CallId(1), Call::Signin(inputs.into())), morning, weight, counts);
        assert!(self.is_signed_in, "the sign-in succeeds");
        while let Some(due) = self.session.poll_timeout().filter(|due| due.0 < NINE + morning.end) {
            self.now = due.0.max(self.now);
            self.input(Input::Tick, morning, weight, counts);
        }
    }

    fn input(&mut self, input: Input, morning: &Morning, weight: u64, counts: &mut Counts) {
        self.session.handle(input, UnixMillis(self.now));
        self.drain(morning, weight, counts);
    }

    /// Does what core asks for, at once: what counts is when a request is sent.
    fn drain(&mut self, morning: &Morning, weight: u64, counts: &mut Counts) {
        loop {
            while let Some(effect) = self.session.poll_effect() {
                self.take(effect, morning, weight, counts);
            }
            if self.answers.is_empty() {
                return;
            }
            let (id, answer) = self.answers.remove(0);
            self.session.handle(Input::Answer(id, answer), UnixMillis(self.now));
        }
    }

    fn take(&mut self, effect: Effect, morning: &Morning, weight: u64, counts: &mut Counts) {
        let (id, answer) = match effect {
            Effect::Read(id) => (id, Answer::Stored { text: self.record.clone().map(Secret::new), mirror: None }),
            Effect::Commit { id, text, .. } => {
                self.record = Some(text.into_exposed());
                (id, Answer::Committed(Commit::Applied))
            }
            Effect::List(id, _) => (id, Answer::Values(Vec::new())),
            Effect::Step(id, StepRequest::Http(request)) => {
                let at = self.now - NINE;
                let is_away = (morning.outage.0..morning.outage.1).contains(&at);
                if request.url.into_exposed().ends_with("/token") {
                    counts.0[(at / BIN) as usize] += weight;
                }
                (id, Answer::Step(StepResult::Http(answer(is_away, morning.lifetime))))
            }
            Effect::Settle(_, outcome) => {
                self.is_signed_in = outcome.is_ok();
                return;
            }
            Effect::Emit(_) | Effect::Abort(_) | Effect::Notify(_) | Effect::CloseForm | Effect::Show(..) => return,
            other => panic!("nothing of these options asks for {other:?}"),
        };
        self.answers.push((id, answer));
    }
}

fn answer(is_away: bool, lifetime: u64) -> HttpResponse {
    let mut body = doorkey::core::value::Map::new();
    if !is_away {
        body.set_text("access_token", "a");
        body.set_text("refresh_token", "r");
        body.set_number("expires_in", lifetime as f64 / 1000.0);
    }
    HttpResponse { status: if is_away { 503 } else { 200 }, body: Value::Map(body).into(), ..HttpResponse::default() }
}
