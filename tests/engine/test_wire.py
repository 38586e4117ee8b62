"""Frames between the front and a child."""

import socket

import pytest

from sparql_endpoint.engine.wire import Frame, FrameReader, frame, json_frame


def test_frames_are_read_as_they_were_sent() -> None:
    """Kind and payload come back, whatever parts the socket delivers."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = FrameReader(theirs)
        sent = frame(Frame.DATA, b"abc") + json_frame(Frame.END, {"rows": 1}) + frame(Frame.READY)
        for start in range(0, len(sent), 5):
            ours.sendall(sent[start : start + 5])
        assert [reader.read() for _ in range(3)] == [
            (Frame.DATA, b"abc"),
            (Frame.END, b'{"rows": 1}'),
            (Frame.READY, b""),
        ]


def test_timeout_loses_nothing() -> None:
    """A read that timed out within a frame can be repeated."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(0.01)
        reader = FrameReader(theirs)
        sent = frame(Frame.DATA, b"abcdef")
        ours.sendall(sent[:7])
        with pytest.raises(TimeoutError):
            reader.read()
        ours.sendall(sent[7:])
        assert reader.read() == (Frame.DATA, b"abcdef")


def test_end_within_a_frame_is_told() -> None:
    """A side that dies in the middle of a frame ends the stream."""
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(frame(Frame.DATA, b"abcdef")[:7])
        ours.close()
        with pytest.raises(EOFError):
            FrameReader(theirs).read()
