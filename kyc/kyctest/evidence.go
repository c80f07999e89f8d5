package kyctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// CheckEvidence returns what is wrong with a result's evidence, or "" if nothing
// is. Each piece must name its rule, and its pointer must lead to its value in Raw
// or, if it has no value, to nothing. A decision other than Unknown must have a
// deciding value.
func CheckEvidence(r *kyc.Result) string {
	deciding := false
	for _, e := range r.Evidence {
		value, err := kyc.Resolve(r.Raw, e.Pointer)
		switch {
		case err != nil && e.Value != nil:
			return fmt.Sprintf("evidence at %q: nothing is there, but a value is given", e.Pointer)
		case err == nil && !bytes.Equal(value, e.Value):
			return fmt.Sprintf("evidence at %q: another value is there", e.Pointer)
		case e.Rule == "":
			return fmt.Sprintf("evidence at %q: no rule is named", e.Pointer)
		}
		deciding = deciding || e.Deciding
	}
	if !deciding && r.Decision != kyc.Unknown {
		return fmt.Sprintf("%v without a deciding value in Evidence", r.Decision)
	}
	return ""
}

// CheckStored returns what is wrong with a result's JSON form, or "" if nothing
// is: it must read back as the same Result.
func CheckStored(r *kyc.Result) string {
	text, err := json.Marshal(r)
	if err != nil {
		return "the result cannot be written as JSON: " + err.Error()
	}
	var back kyc.Result
	if err := json.Unmarshal(text, &back); err != nil {
		return "the result's JSON cannot be read back: " + err.Error()
	}
	want := *r
	// The name of the zone is not stored, only the moment.
	if want.CreatedAt.Equal(back.CreatedAt) && want.CompletedAt.Equal(back.CompletedAt) {
		want.CreatedAt, want.CompletedAt = back.CreatedAt, back.CompletedAt
	}
	if !reflect.DeepEqual(want, back) {
		again, err := json.Marshal(back)
		if err != nil || !bytes.Equal(text, again) {
			return "the result's JSON reads back as another result"
		}
		return "the result's JSON reads back with other zero values: " + differing(want, back)
	}
	return ""
}

// differing names the fields of two results that differ.
func differing(a, b kyc.Result) string {
	text := ""
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			text += " " + x.Type().Field(i).Name
		}
	}
	return text
}
