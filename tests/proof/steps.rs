//! What can happen next, and what it does.

use doorkey::core::error::{AuthError, Code};
use doorkey::core::failure::Failure;
use doorkey::core::flow::step::StepResult;
use doorkey::core::http::HttpResponse;
use doorkey::core::input::{Answer, Call, CallId, Hint, Input, LogoutCall};
use doorkey::core::secret::{Secret, Sensitive};
use doorkey::core::time::Millis;
use doorkey::core::value::{Map, Value};

use crate::rules::{Ask, Fault, Seed};
use crate::server::{Reply, refresh_token_in};
use crate::tab::{LockWord, Op, Tab};
use crate::testing::{PLATFORM, json};
use crate::world::{Request, World};

const SECOND: u64 = 1000;
const HOUR: u64 = 3600 * SECOND;

/// Something that happens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// A page calls.
    Ask(usize, Ask),
    /// The storage does what a tab has asked first.
    Store(usize),
    /// The word of the lock manager comes.
    Lock(usize),
    /// A tab hears a word.
    Hear(usize),
    /// A request reaches the server.
    Arrive(usize),
    /// Its answer comes.
    Answer(usize),
    /// The timer of a tab runs.
    Tick(usize),
    /// A frozen page goes on.
    Thaw(usize),
    /// A page comes up again.
    Open(usize),
    /// Something goes wrong, with a tab or a request.
    Fail(Fault, usize),
}

impl World {
    /// All that can happen.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = self.ordinary();
        let left = self.left;
        for (number, tab) in self.tabs.iter().enumerate() {
            if tab.listens() && left.asks > 0 {
                steps.extend(self.rules.asks.iter().map(|ask| Step::Ask(number, *ask)));
            }
            if tab.listens() && left.ticks > 0 && tab.due().is_some() {
                steps.push(Step::Tick(number));
            }
            if !tab.open && left.opens > 0 {
                steps.push(Step::Open(number));
            }
        }
        if left.faults > 0 {
            for fault in self.rules.faults {
                self.add_faults(*fault, &mut steps);
            }
        }
        steps
    }

    /// What happens sooner or later.
    pub fn ordinary(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (number, tab) in self.tabs.iter().enumerate() {
            if tab.frozen {
                steps.push(Step::Thaw(number));
            }
            if !tab.listens() {
                continue;
            }
            if !tab.storage.is_empty() {
                steps.push(Step::Store(number));
            }
            if tab.lock.is_some() {
                steps.push(Step::Lock(number));
            }
            if !tab.hints.is_empty() {
                steps.push(Step::Hear(number));
            }
        }
        for (at, request) in self.requests.iter().enumerate() {
            match request.reply {
                None => steps.push(Step::Arrive(at)),
                Some(_) if self.tabs[request.tab].frozen => {}
                Some(_) => steps.push(Step::Answer(at)),
            }
        }
        steps
    }

    fn add_faults(&self, fault: Fault, steps: &mut Vec<Step>) {
        let all = |steps: &mut Vec<Step>, wants: &dyn Fn(usize, &Tab) -> bool| {
            let tabs = self.tabs.iter().enumerate().filter(|(number, tab)| wants(*number, tab));
            steps.extend(tabs.map(|(number, _)| Step::Fail(fault, number)));
        };
        let requests = |steps: &mut Vec<Step>, wants: &dyn Fn(&Request) -> bool| {
            let requests = self.requests.iter().enumerate().filter(|(_, request)| wants(request));
            steps.extend(requests.map(|(at, _)| Step::Fail(fault, at)));
        };
        match fault {
            Fault::LostAnswer | Fault::Silence => requests(steps, &|request| request.reply.is_some()),
            Fault::NoNetwork | Fault::Unavailable => requests(steps, &|request| request.reply.is_none()),
            Fault::LockRefused => {
                all(steps, &|number, _| self.lock.waiting.iter().any(|(waiting, _)| *waiting == number));
            }
            Fault::LockLost => all(steps, &|number, _| self.lock.holder == Some(number)),
            Fault::Crash => all(steps, &|_, tab| tab.open),
            Fault::Freeze => all(steps, &|_, tab| tab.listens()),
            Fault::StrayWord => all(steps, &|_, tab| tab.listens() && tab.hints.is_empty()),
            Fault::LostWord => all(steps, &|_, tab| tab.listens() && !tab.hints.is_empty()),
            Fault::Sleep | Fault::Ahead | Fault::Back => steps.push(Step::Fail(fault, 0)),
            Fault::Cleared if self.rules.in_host && self.copy.is_none() => {}
            Fault::Cleared if self.record.is_none() => {}
            Fault::Cleared => steps.push(Step::Fail(fault, 0)),
        }
    }

    /// Lets it happen.
    pub fn happen(&mut self, step: Step) {
        match step {
            Step::Ask(tab, ask) => self.ask(tab, ask),
            Step::Store(tab) => self.store(tab),
            Step::Lock(tab) => {
                let (id, word) = self.tabs[tab].lock.take().expect("a word is on its way");
                let refused = || AuthError::new(Code::Host, "there are no locks");
                let answer = match word {
                    LockWord::Given => Answer::Locked,
                    LockWord::Refused => Answer::Done(Err(refused())),
                };
                self.answer(tab, id, answer);
            }
            Step::Hear(tab) => {
                let hint = self.tabs[tab].hints.pop_front().expect("a word is on its way");
                self.input(tab, Input::Hint(hint));
            }
            Step::Arrive(at) => {
                let Request { path, token, .. } = self.requests[at].clone();
                let reply = self.server.handle(path, &token, self.now);
                self.reply(at, reply);
            }
            Step::Answer(at) => {
                let request = self.requests.remove(at);
                let (status, body) = request.reply.clone().expect("it has an answer");
                self.give(&request, StepResult::Http(response(status, &body)));
            }
            Step::Tick(tab) => {
                self.left.ticks -= 1;
                self.tick(tab);
            }
            Step::Thaw(tab) => {
                self.tabs[tab].frozen = false;
                // A page that wakes up says so.
                self.tabs[tab].tell(&Hint::Visible(true));
            }
            Step::Open(tab) => {
                self.left.opens -= 1;
                self.tabs[tab] = Tab::new(&self.rules, tab, self.tabs[tab].page + 1, self.now);
                self.drain(tab);
            }
            Step::Fail(fault, of) => {
                self.left.faults -= 1;
                self.fail(fault, of);
            }
        }
    }

    pub fn ask(&mut self, tab: usize, ask: Ask) {
        self.left.asks -= 1;
        let made = &mut self.tabs[tab];
        made.made += 1;
        let id = CallId(100 * tab as u32 + made.made);
        made.pending.push((id.0, ask));
        let call = match ask {
            Ask::Token => Call::AccessToken(Millis(0)),
            Ask::Refresh => Call::Refresh(true),
            Ask::SignOut => Call::Logout(LogoutCall::default()),
            Ask::SignIn => Call::Signin(Self::credentials()),
        };
        self.past.signs_out |= ask == Ask::SignOut;
        self.past.is_out &= ask != Ask::SignIn;
        self.input(tab, Input::Call(id, call.clone()));
        if self.rules.seed == Some(Seed::Echo) {
            self.input(tab, Input::Call(id, call));
        }
    }

    pub fn store(&mut self, tab: usize) {
        let op = self.tabs[tab].storage.pop_front().expect("something is asked");
        let id = op.id();
        let answer = match op {
            Op::Read(_) => {
                let text = self.stored(tab);
                self.tabs[tab].seen.clone_from(&text);
                let secret = |text: &std::rc::Rc<str>| Secret::from(&**text);
                let mirror = self.rules.in_host.then(|| self.copy.as_ref().map(secret));
                Answer::Stored { text: text.as_ref().map(secret), mirror }
            }
            Op::Commit(_, expected, text) => {
                let commit = self.commit(tab, expected.as_ref(), &text);
                self.tabs[tab].seen = match &commit {
                    doorkey::core::input::Commit::Applied => Some(text),
                    _ => self.record.clone(),
                };
                Answer::Committed(commit)
            }
            Op::List(_) => Answer::Values(Vec::new()),
            Op::Put(_) => Answer::Done(Ok(())),
        };
        self.answer(tab, id, answer);
    }

    /// The server has answered, though maybe to nobody.
    fn reply(&mut self, at: usize, reply: Reply) {
        let request = &mut self.requests[at];
        let tab = &self.tabs[request.tab];
        if tab.open && tab.page == request.page {
            request.reply = Some(reply);
        } else {
            self.requests.remove(at);
        }
    }

    fn give(&mut self, request: &Request, result: StepResult) {
        let tab = &self.tabs[request.tab];
        if tab.open && tab.page == request.page {
            self.answer(request.tab, request.id, Answer::Step(result));
        }
    }

    pub fn tick(&mut self, tab: usize) {
        let due = self.tabs[tab].due().expect("it has a timer");
        self.past.late |= !self.is_at_rest();
        self.set_clock(self.now.max(due));
        if self.rules.seed != Some(Seed::NoTimers) {
            self.input(tab, Input::Tick);
        }
    }

    fn fail(&mut self, fault: Fault, of: usize) {
        match fault {
            Fault::LostAnswer => {
                let request = self.requests.remove(of);
                self.past.lost = true;
                self.give(&request, no_network());
            }
            Fault::Silence => {
                self.requests.remove(of);
                self.past.lost = true;
            }
            Fault::NoNetwork => {
                let request = self.requests.remove(of);
                self.past.failed = true;
                let refused = || StepResult::Http(response(400, r#"{"error":"invalid_grant"}"#));
                let is_false = self.rules.seed == Some(Seed::FalseRefusal);
                self.give(&request, if is_false { refused() } else { no_network() });
            }
            Fault::Unavailable => {
                self.past.failed = true;
                self.reply(of, (503, "{}".into()));
            }
            Fault::LockRefused => {
                let waiting = &mut self.lock.waiting;
                let at = waiting.iter().position(|(tab, _)| *tab == of).expect("it waits");
                let (_, id) = waiting.remove(at).expect("it is there");
                self.tabs[of].lock = Some((id, LockWord::Refused));
                self.past.without_lock = true;
            }
            Fault::LockLost => {
                self.lock.holder = None;
                self.past.without_lock = true;
                self.grant();
            }
            Fault::Crash => self.crash(of),
            Fault::Freeze => self.tabs[of].frozen = true,
            Fault::StrayWord => self.tabs[of].tell(&Hint::Changed),
            Fault::LostWord => drop(self.tabs[of].hints.pop_front()),
            Fault::Sleep => self.pass(self.now + 2 * HOUR),
            Fault::Ahead => self.pass(self.now + 24 * HOUR),
            Fault::Back => self.pass(self.now - 24 * HOUR),
            Fault::Cleared => {
                self.past.cleared = true;
                if self.rules.in_host {
                    self.copy = None;
                } else {
                    self.record = None;
                    for tab in &mut self.tabs {
                        tab.tell(&Hint::Changed);
                    }
                }
            }
        }
    }

    fn pass(&mut self, to: u64) {
        self.past.late |= !self.is_at_rest();
        self.set_clock(to);
    }

    /// The page is gone: the browser takes its lock away, and what it has asked of storage and server is done.
    fn crash(&mut self, of: usize) {
        self.past.lost |= !self.is_at_rest();
        while let Some(op) = self.tabs[of].storage.pop_front() {
            if let Op::Commit(_, expected, text) = op {
                self.commit(of, expected.as_ref(), &text);
            }
        }
        let tab = &mut self.tabs[of];
        (tab.open, tab.frozen) = (false, false);
        tab.hints.clear();
        tab.pending.clear();
        let page = tab.page;
        self.requests.retain(|request| (request.tab, request.page) != (of, page) || request.reply.is_none());
        self.unlock(of);
    }

    /// Nothing is under way.
    pub fn is_at_rest(&self) -> bool {
        self.requests.is_empty()
            && self.lock.waiting.is_empty()
            && !self.tabs.iter().any(|tab| tab.is_busy() || tab.frozen)
    }

    /// Lets happen all that can, without a fault and without time.
    pub fn run_dry(&mut self) {
        let mut count = 0;
        while let Some(step) = self.ordinary().first() {
            self.happen(*step);
            count += 1;
            if count > 2000 {
                return self.breaks("no refresh loop: it goes on and on at one moment");
            }
        }
    }

    /// The refresh token that is stored.
    pub fn stored_token(&self) -> Option<&str> {
        self.record.as_deref().and_then(refresh_token_in)
    }
}

fn response(status: u16, body: &str) -> HttpResponse {
    let body = (PLATFORM.parse_json)(body).unwrap_or_default();
    HttpResponse {
        status,
        headers: Map::new().into(),
        body: Sensitive::new(body),
        url: Secret::from("https://auth.example/"),
        ..HttpResponse::default()
    }
}

fn no_network() -> StepResult {
    let thrown: Value = json(r#"{ "name": "TypeError", "message": "Failed to fetch" }"#);
    StepResult::Failed(Failure { thrown: thrown.into(), cause: None })
}
