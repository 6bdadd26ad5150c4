//! Sign-in by redirect at a provider that is out of order.

use doorkey::core::error::Code;

use crate::redirect::{called_back, left};
use crate::world::server::Fault;

#[test]
fn a_token_endpoint_without_an_answer_is_a_server_that_cannot_be_reached() {
    for fault in [Fault::Silence, Fault::NoNetwork] {
        let (mut world, _, url) = left();
        let back = world.server.provider.approve(&url);
        world.server.fail("/token", [fault]);
        assert_eq!(called_back(&mut world, &back), Err(Code::Unreachable));
    }
}
