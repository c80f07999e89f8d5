package transmit

import (
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// fillFromDocument takes from a deprecated document, which repeats its holder, what the person lacks: but only where there
// is no person, or the two are the same one. Two people must never become one.
func fillFromDocument(out *kyc.Result, root string, p *kyc.Person, d *DeprecatedDocument) {
	holder := kyc.Person{FirstName: d.GivenName, LastName: d.Surname, FullName: d.FullName, DateOfBirth: d.DateOfBirth, PersonalNumber: d.IDValue}
	nobody := *p == (kyc.Person{})
	rule := ruleSame
	switch {
	case nobody:
		rule = ruleHolder
	case !same(p, &holder):
		citeNames(out, root, "person", p)
		citeNames(out, root, "document", &holder)
		return
	}
	fill := func(to *string, value, member string) {
		if *to == "" && value != "" {
			*to = value
			out.Cite(kyc.PointerTo(root, "document", member), rule, false)
		}
	}
	if nobody {
		fill(&p.FirstName, holder.FirstName, "given_name")
		fill(&p.LastName, holder.LastName, "surname")
		fill(&p.FullName, holder.FullName, "full_name")
	}
	if p.DateOfBirth == "" {
		fill((*string)(&p.DateOfBirth), string(cutDate(out, holder.DateOfBirth, root, "document", "date_of_birth")), "date_of_birth")
	}
	fill(&p.PersonalNumber, holder.PersonalNumber, "id_value")
}

// citeNames cites by what a person could be told from another.
func citeNames(out *kyc.Result, root, of string, p *kyc.Person) {
	for _, m := range [...]struct{ name, value string }{
		{"given_name", p.FirstName}, {"surname", p.LastName}, {"full_name", p.FullName}, {"date_of_birth", string(p.DateOfBirth)},
	} {
		if m.value != "" {
			out.Cite(kyc.PointerTo(root, of, m.name), ruleNotSame, false)
		}
	}
}

// same tells whether both have names, these are equal, and nothing else speaks against one human being. Where given and
// family name are equal and the full names are spelt differently, as in the vendor's own examples, the birth dates tell.
func same(a, b *kyc.Person) bool {
	if differ(a.FirstName, b.FirstName) || differ(a.LastName, b.LastName) || differ(day(a.DateOfBirth), day(b.DateOfBirth)) {
		return false
	}
	if equal(whole(a), whole(b)) {
		return true
	}
	return equal(a.FirstName, b.FirstName) && equal(a.LastName, b.LastName) &&
		(!differ(a.FullName, b.FullName) || equal(day(a.DateOfBirth), day(b.DateOfBirth)))
}

// whole is the full name, or the two parts of which it would be made.
func whole(p *kyc.Person) string {
	if p.FullName == "" && p.FirstName != "" && p.LastName != "" {
		return p.FirstName + " " + p.LastName
	}
	return p.FullName
}

// day is the date of a time stamp; a text that is no date stands for itself.
func day(d kyc.Date) string {
	if at, err := d.Time(); err == nil {
		return string(kyc.DateOf(at))
	}
	return string(d)
}

// equal compares two texts that are there, whatever their case and blanks.
func equal(a, b string) bool {
	a, b = strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " ")
	return a != "" && strings.EqualFold(a, b)
}

// differ tells whether both are there and not equal.
func differ(a, b string) bool {
	return strings.TrimSpace(a) != "" && strings.TrimSpace(b) != "" && !equal(a, b)
}
