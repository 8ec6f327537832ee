//! What is said to a request that is refused. Nothing of the request is repeated.

use axum::response::{Html, IntoResponse as _, Response};
use maud::html;

use super::{Document, document};
use crate::web::gate::Refusal;

/// The page.
#[must_use]
pub fn page(refusal: Refusal) -> Response {
    let main = html! {
        h1 { "This page is not shown" }
        p { (refusal.to_string()) }
        @if refusal.needs_an_address() {
            p {
                "For a new address, press Enter in the terminal in which netsuite-preflight runs, or \
                 start it there again: what was done is kept."
            }
        } @else {
            p { a href="/" { "To the page" } }
        }
    };
    let page = Document {
        title: "Not shown · netsuite-preflight",
        wait: false,
        head: html! {},
        side: None,
        main,
        foot: html! {},
    };
    (refusal.status(), Html(document(&page).into_string())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_address_is_offered_where_it_helps() {
        assert!(Refusal::Session.needs_an_address() && Refusal::Used.needs_an_address());
        assert!(!Refusal::Host.needs_an_address());
        assert_eq!(page(Refusal::Host).status(), 421);
    }
}
