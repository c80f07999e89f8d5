package didit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	vectorSecret = "didit-sheet-example-secret-not-real-0000001"

	vectorA = `{"created_at":1767225600,"decision":{"face_matches":[{"node_id":"face_match_1","score":65.43}],"id_verifications":[{"first_name":"Jos\u00e9","last_name":"O'Neil & <S\u00f8n>","node_id":"ocr_1"}],"liveness_checks":[{"score":90.0}]},"session_id":"11111111-2222-3333-4444-555555555555","status":"Approved","timestamp":1767225605,"vendor_data":null,"webhook_type":"status.updated","workflow_version":3}`
	vectorB = `{"created_at":1767225600,"metadata":{"test_webhook":true},"session_id":"11111111-2222-3333-4444-555555555555","status":"In Review","timestamp":1767225600,"vendor_data":"test-vendor-data-123","webhook_type":"status.updated","workflow_id":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}`
)

func TestVectors(t *testing.T) {
	for _, v := range []struct {
		name, body             string
		raw, canonical, simple string
	}{
		{
			"A", vectorA, "ad9c9318a0e46e4a20ad4a9596eccdd9c006b6d987a95947b8c27868a66bcdb0",
			"5e85daa2e6c153e029f2399ead96de73c57cbd7a75cde6e14051f75b4e914af4", "4684ba46eb9390d54fff20e21d5e7da0f8f0337ec3f08a1e7e7fd2d6331a0a3c",
		},
		{
			"B", vectorB, "4fe3971d24d0ddf83ddda65b0c0e8be669c06212bfe44136530fe87d196c6adc",
			"4fe3971d24d0ddf83ddda65b0c0e8be669c06212bfe44136530fe87d196c6adc", "a762f45c7dada96c4b0b2d12e3a69edc3aa8932124ac5761dd5ffa847f4d993f",
		},
	} {
		t.Run(v.name, func(t *testing.T) {
			if got := sign(vectorSecret, []byte(v.body)); got != v.raw {
				t.Errorf("X-Signature = %s, want %s", got, v.raw)
			}
			text, err := canonicalForm([]byte(v.body), false)
			if err != nil {
				t.Fatal(err)
			}
			if got := sign(vectorSecret, text); got != v.canonical {
				t.Errorf("X-Signature-V2 = %s, want %s, over %s", got, v.canonical, text)
			}
			n, err := readEnvelope([]byte(v.body))
			if err != nil {
				t.Fatal(err)
			}
			if got := sign(vectorSecret, n.simple()); got != v.simple {
				t.Errorf("X-Signature-Simple = %s, want %s", got, v.simple)
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{}`, `{}`},
		{` [ ] `, `[]`},
		{"\t{ \"b\" : 1 ,\n\"a\":[ true , false , null ] }\r\n", `{"a":[true,false,null],"b":1}`},
		{`{"b":{"d":1,"c":2},"a":0}`, `{"a":0,"b":{"c":2,"d":1}}`},
		// numbers
		{`[90.0,90.50,-0.0,-0,0,1e2,1E+2,1e-2,1e+16,65.43]`, `[90,90.50,0,-0,0,100,100,1e-2,10000000000000000,65.43]`},
		{`[9007199254740993,123456789012345678901234567890,-9223372036854775809]`, `[9007199254740993,123456789012345678901234567890,-9223372036854775809]`},
		{`[9007199254740993.0,1e23]`, `[9007199254740992,99999999999999991611392]`},
		{`[1e400,5e-324]`, `[1e400,5e-324]`},
		{`[1.0,-1.0,0.0,-0.000,123456789012345.0,12345678901234.00,1234567890123456.0,1e15,-1e1,9007199254740992.0,-0e5]`, `[1,-1,0,0,123456789012345,12345678901234,1234567890123456,1000000000000000,-10,9007199254740992,0]`},
		{`{"b":1.0,"a":-0.0}`, `{"a":0,"b":1}`},
		{strings.Repeat("[", canonicalDepth) + "1" + strings.Repeat("]", canonicalDepth), strings.Repeat("[", canonicalDepth) + "1" + strings.Repeat("]", canonicalDepth)},
		// text
		{`["\u00e9\u20AC\ud83d\ude00"]`, `["é€😀"]`},
		{`["\u2028\u2029<>&\/"]`, "[\"\u2028\u2029<>&/\"]"},
		{`["\u0000\u001f\b\f\n\r\t\u0009\"\\\u0022"]`, `["\u0000\u001f\b\f\n\r\t\t\"\\\""]`},
		{"[\"\x7f\"]", "[\"\x7f\"]"},
		// names are sorted by code point, not by UTF-16 unit, and by their value, not their spelling
		{"{\"\uffff\":1,\"\U00010000\":2,\"z\":3}", "{\"z\":3,\"\uffff\":1,\"\U00010000\":2}"},
		{`{"\u0062":1,"a":2}`, `{"a":2,"b":1}`},
		{`{"a":1,"b":2,"\u0061":3}`, `{"a":3,"b":2}`},
		{`{"aa":1,"a":2,"":3}`, `{"":3,"a":2,"aa":1}`},
		{`{"same_prefix_b":1,"same_prefix_a":2,"same_prefix":3}`, `{"same_prefix":3,"same_prefix_a":2,"same_prefix_b":1}`},
		{`{"a\u0000":1,"a":2,"\u0061\u0000":3}`, `{"a":2,"a\u0000":3}`},
		{`{"same_pr\u0065fix_b":1,"same_prefix_a":2,"\n\/é\"":3}`, `{"\n/é\"":3,"same_prefix_a":2,"same_prefix_b":1}`},
	} {
		got, err := canonicalForm([]byte(c.in), false)
		if err != nil || string(got) != c.want {
			t.Errorf("canonical form of %q = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
	got, err := canonicalForm([]byte("{\"n\":\"é😀\x7f\\u2028\"}"), true)
	if want := `{"n":"\u00e9\ud83d\ude00\u007f\u2028"}`; err != nil || string(got) != want {
		t.Errorf("escaped form = %s, %v; want %s", got, err, want)
	}
}

func TestCanonicalRefused(t *testing.T) {
	for _, in := range []string{
		``, ` `, `{`, `[1,]`, `{"a":1,}`, `{"a"}`, `{"a":}`, `{a:1}`, `[01]`, `[1.]`, `[.5]`, `[+1]`, `[1e]`, `[--1]`, `[NaN]`, `[Infinity]`,
		`{} {}`, `[] x`, `nul`, `tru`, `"a`, "\"a\nb\"", `"\x"`, `"\u12"`, `"\ud800"`, `"\ud800\u0041"`, `"\udc00"`, "\"\xff\"", "\"\xc3\"",
		strings.Repeat("[", canonicalDepth+1) + "1" + strings.Repeat("]", canonicalDepth+1),
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
		"[" + strings.Repeat("1e308,", 5000) + "1]",
	} {
		if got, err := canonicalForm([]byte(in), false); err == nil {
			t.Errorf("canonical form of %.40q = %.40q, want an error", in, got)
		}
	}
}

// canonicalForm is the documented form, or the one with everything but ASCII escaped.
func canonicalForm(src []byte, ascii bool) ([]byte, error) {
	text, err := canonicalJSON(src)
	if err == nil && ascii {
		text = escapeCanonical(text)
	}
	return text, err
}

// independent writes the canonical form another way: through a map, encoding/json and rationals.
func independent(src []byte, ascii bool) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("more")
	}
	var b bytes.Buffer
	independentValue(&b, v, ascii)
	return b.Bytes(), nil
}

func independentValue(b *bytes.Buffer, v any, ascii bool) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		fmt.Fprintf(b, "%t", v)
	case string:
		independentText(b, v, ascii)
	case json.Number:
		b.WriteString(independentNumber(v.String()))
	case []any:
		b.WriteByte('[')
		for i, one := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			independentValue(b, one, ascii)
		}
		b.WriteByte(']')
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int { return slices.Compare([]rune(a), []rune(b)) })
		b.WriteByte('{')
		for i, name := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			independentText(b, name, ascii)
			b.WriteByte(':')
			independentValue(b, v[name], ascii)
		}
		b.WriteByte('}')
	}
}

func independentNumber(s string) string {
	if !strings.ContainsAny(s, ".eE") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	r := new(big.Rat).SetFloat64(f)
	if !r.IsInt() {
		return s
	}
	return r.Num().String()
}

func independentText(b *bytes.Buffer, s string, ascii bool) {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case short[r] != "":
			b.WriteString(short[r])
		case r < 0x20, ascii && r > 0x7e && r < 0x10000:
			fmt.Fprintf(b, `\u%04x`, r)
		case ascii && r >= 0x10000:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

func FuzzCanonical(f *testing.F) {
	f.Add([]byte(vectorA), false)
	f.Add([]byte(vectorB), true)
	for _, s := range []string{`{"b":[1.0,1e16,-0.0],"a":"\u2028"}`, `{"a":1,"\u0061":2}`, `"\ud83d\ude00"`, `[1e308,9007199254740993]`} {
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, src []byte, ascii bool) {
		got, err := canonicalForm(src, ascii)
		want, wantErr := independent(src, ascii)
		if err != nil {
			// The other writer also takes what has no UTF-8 form, and any depth and growth.
			clean := utf8.Valid(src) && !bytes.Contains(bytes.ToLower(src), []byte(`\ud`)) && len(want) < 2*len(src) && bytes.Count(src, []byte("["))+bytes.Count(src, []byte("{")) < canonicalDepth
			if wantErr == nil && clean {
				t.Fatalf("refused %q, which is %q", src, want)
			}
			return
		}
		if wantErr != nil {
			t.Fatalf("%q became %q, the other writer refuses it: %v", src, got, wantErr)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%q became %q, want %q", src, got, want)
		}
		again, err := canonicalForm(got, ascii)
		if err != nil || !bytes.Equal(again, got) {
			t.Fatalf("the form of %q is not stable: %q, %v", got, again, err)
		}
	})
}
