package main

import (
	"cmp"
	"fmt"
	"io"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// write prints a result. Without show, person and document are left out.
func write(w io.Writer, r *kyc.Result, show bool) {
	fmt.Fprintln(w)
	fmt.Fprintln(w, "decision   ", r.Decision)
	fmt.Fprintln(w, "status     ", r.Status)
	fmt.Fprintln(w, "reference  ", r.Reference)
	for _, c := range r.Checks {
		line := fmt.Sprintf("check       %-22s %-10s %s", c.Kind, c.Decision, c.VendorName)
		for _, reason := range c.Reasons {
			line += " " + reason.Code
		}
		if c.Score != nil {
			line += fmt.Sprintf(" %s=%g (%g to %g)", cmp.Or(c.Score.Name, "score"), c.Score.Value, c.Score.Min, c.Score.Max)
		}
		fmt.Fprintln(w, line)
	}
	if p := r.Person; p != nil {
		person := "[redacted]"
		if show {
			person = fmt.Sprintf("%s %s, born %s", p.FirstName, p.LastName, p.DateOfBirth)
		}
		fmt.Fprintln(w, "person     ", person)
	}
	if d := r.Document; d != nil {
		document := "[redacted]"
		if show {
			document = fmt.Sprintf("%s %s of %s, until %s", d.Type, d.Number, d.IssuingCountry, d.ExpiresOn)
		}
		fmt.Fprintln(w, "document   ", document)
	}
	for _, e := range r.Evidence {
		if e.Deciding {
			fmt.Fprintf(w, "evidence    %s is %s: %s\n", e.Pointer, cmp.Or(string(e.Value), "missing"), e.Rule)
		}
	}
}
