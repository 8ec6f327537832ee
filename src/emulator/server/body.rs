//! Bodies that end as they should, and bodies that do not.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Frame};

/// The connection is to be cut here.
#[derive(Debug, thiserror::Error)]
#[error("the emulator cuts the connection, as asked")]
pub(super) struct Cut;

pub(super) type Body = UnsyncBoxBody<Bytes, Cut>;

type Piece = Result<Frame<Bytes>, Cut>;

/// All of it at once.
pub(super) fn whole(bytes: Vec<u8>) -> Body {
    Full::new(Bytes::from(bytes)).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// All of it, of a length that the body does not tell: the headers say what they like.
pub(super) fn unmeasured(bytes: Vec<u8>) -> Body {
    StreamBody::new(stream::iter([Piece::Ok(Frame::data(bytes.into()))])).boxed_unsync()
}

/// Half of it, then the cut.
pub(super) fn cut_in_half(mut bytes: Vec<u8>) -> Body {
    bytes.truncate(bytes.len() / 2);
    let pieces = stream::iter([Piece::Ok(Frame::data(bytes.into())), Err(Cut)]);
    // A pause, so that the first half is sent before the cut.
    StreamBody::new(pieces.then(|piece| async {
        tokio::task::yield_now().await;
        piece
    }))
    .boxed_unsync()
}

/// One byte at a time.
pub(super) fn dripping(bytes: Vec<u8>, pause: Duration) -> Body {
    let pieces = stream::iter(bytes).then(move |byte| async move {
        tokio::time::sleep(pause).await;
        Piece::Ok(Frame::data(Bytes::from(vec![byte])))
    });
    StreamBody::new(pieces).boxed_unsync()
}

/// So many bytes of a JSON text that never ends.
pub(super) fn oversized(bytes: usize) -> Body {
    const PIECE: usize = 65_536;
    let pieces = stream::unfold((bytes, true), |(left, first)| async move {
        if left == 0 {
            return None;
        }
        let length = left.min(PIECE);
        let mut piece = vec![b'a'; length];
        if let (true, Some(start)) = (first, piece.first_mut()) {
            *start = b'"';
        }
        Some((Piece::Ok(Frame::data(piece.into())), (left - length, false)))
    });
    StreamBody::new(pieces).boxed_unsync()
}
