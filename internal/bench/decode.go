package main

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"github.com/go-faster/jx"
	jsonexp "github.com/go-json-experiment/json"
	goccy "github.com/goccy/go-json"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// decoder is the way of a library from bytes to T.
type decoder[T any] func(data []byte, out *T) error

func decodeGroups() []func() *group {
	return []func() *group{
		func() *group { return decodeGroup[didit.Decision]("didit_user") },
		func() *group { return decodeGroup[didit.Decision]("didit_business") },
		func() *group { return decodeGroup[jumio.Details]("jumio_retrieval") },
		func() *group { return decodeGroup[transmit.Result]("transmit_result") },
		decodeScale,
		decodeYoti,
	}
}

// decodeGroup measures one document in all decoders, into the SDK's own types. The peers leave unknown members out,
// take names of another case, and but for jsonexp a member given twice.
func decodeGroup[T any](name string) *group {
	data := inputNamed(name)
	size := int64(len(data))
	with := func(name string, d decoder[T]) benchCase {
		return benchCase{name: name, bytes: size, run: func(n int) {
			for range n {
				must(d(data, new(T)))
			}
		}}
	}
	return &group{name: "Decode/" + name, cases: []benchCase{
		with("std", stdDecode[T]),
		with("sdk", sdkDecode[T]),
		with("sdk_read", readDecode[T]),
		with("gojsonexp", func(data []byte, out *T) error { return jsonexp.Unmarshal(data, out) }),
		with("goccy", goccyDecode[T]),
		{name: "jx_validate", bytes: size, run: func(n int) {
			for range n {
				must(jx.DecodeBytes(data).Validate())
			}
		}},
		{name: "valid", bytes: size, run: func(n int) {
			for range n {
				if !json.Valid(data) {
					panic("not valid")
				}
			}
		}},
		{name: "clone", bytes: size, run: func(n int) {
			for range n {
				kept = slices.Clone(data)
			}
		}},
	}}
}

// kept holds results that the compiler must not optimise away.
//
//lint:ignore U1000 It is written only: that is what it is for.
var kept []byte

func stdDecode[T any](data []byte, out *T) error   { return json.Unmarshal(data, out) }
func sdkDecode[T any](data []byte, out *T) error   { return kyc.Unmarshal(data, out) }
func goccyDecode[T any](data []byte, out *T) error { return goccy.Unmarshal(data, out) }

// readDecode is what a call does: the body into a buffer of its length, which is decoded and kept.
func readDecode[T any](data []byte, out *T) error {
	body := bytes.NewReader(data)
	buf := make([]byte, body.Len())
	if _, err := io.ReadFull(body, buf); err != nil {
		return err
	}
	return kyc.Unmarshal(buf, out)
}

// decodeScale measures whether a long document costs more a byte.
func decodeScale() *group {
	g := &group{name: "DecodeScale/didit_aml"}
	for _, name := range []string{"didit_user", "didit_aml_x10", "didit_aml_x100"} {
		data := inputNamed(name)
		g.cases = append(g.cases, benchCase{name: name, bytes: int64(len(data)), run: func(n int) {
			for range n {
				must(kyc.Unmarshal(data, new(didit.Decision)))
			}
		}})
	}
	return g
}

// decodeYoti measures the session against the nested strategy of the vendor's own SDK.
func decodeYoti() *group {
	data := inputNamed("yoti_session")
	size := int64(len(data))
	return &group{name: "DecodeYoti/session", cases: []benchCase{
		{name: "nested", bytes: size, run: func(n int) {
			for range n {
				must(json.Unmarshal(data, new(nestedSession)))
			}
		}},
		{name: "sdk", bytes: size, run: func(n int) {
			for range n {
				must(kyc.Unmarshal(data, new(yoti.SessionResult)))
			}
		}},
		{name: "sdk_read", bytes: size, run: func(n int) {
			for range n {
				must(readDecode(data, new(yoti.SessionResult)))
			}
		}},
		{name: "std_onepass", bytes: size, run: func(n int) {
			for range n {
				must(json.Unmarshal(data, new(yoti.SessionResult)))
			}
		}},
		{name: "goccy", bytes: size, run: func(n int) {
			for range n {
				must(goccy.Unmarshal(data, new(yoti.SessionResult)))
			}
		}},
	}}
}
