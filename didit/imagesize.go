package didit

import (
	"bufio"
	"encoding/binary"
	"io"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// imageSize reads the pixels of a PNG or JPEG from its head. ok is false where they cannot be told. The decoders of the
// standard library would tell no more and weigh on every program.
func imageSize(file kyc.File) (width, height int, ok bool) {
	rc, err := file.Open()
	if err != nil {
		return 0, 0, false
	}
	defer func() { _ = rc.Close() }()
	r := bufio.NewReader(io.LimitReader(rc, logoFile.max))
	head, err := r.Peek(24)
	switch {
	case err != nil:
		return 0, 0, false
	case string(head[:8]) == "\x89PNG\r\n\x1a\n" && string(head[12:16]) == "IHDR":
		return int(binary.BigEndian.Uint32(head[16:])), int(binary.BigEndian.Uint32(head[20:])), true
	case string(head[:2]) == "\xff\xd8":
		_, _ = r.Discard(2)
		return jpegSize(r)
	}
	return 0, 0, false
}

// jpegSize walks over the segments up to the one that begins the frame.
func jpegSize(r *bufio.Reader) (width, height int, ok bool) {
	for {
		head, err := r.Peek(9)
		if err != nil || head[0] != 0xff {
			return 0, 0, false
		}
		marker := head[1]
		if marker == 0xff {
			// filler
			_, _ = r.Discard(1)
			continue
		}
		if marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc {
			return int(binary.BigEndian.Uint16(head[7:])), int(binary.BigEndian.Uint16(head[5:])), true
		}
		length := int(binary.BigEndian.Uint16(head[2:]))
		if length < 2 {
			return 0, 0, false
		}
		if _, err := r.Discard(2 + length); err != nil {
			return 0, 0, false
		}
	}
}
