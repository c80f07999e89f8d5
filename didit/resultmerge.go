package didit

import (
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// people gathers the parties, each once.
type people struct {
	result   *kyc.Result
	settings kyc.Settings
	parties  []party
	known    map[string]int   // where an id or a session stands in parties
	named    map[string][]int // where those without an id stand, by company, kind and name
	former   map[string]bool  // kind and id of who left
}

// party is what the vendor's kinds of entry have in common.
type party struct {
	uuid, name, first, last, company, registration string
	nationality, email, phone                      string
	born                                           kyc.Date
	entity                                         EntityType
	roles                                          []string
	low, high                                      *float64
	verdict                                        verdict
	sessions                                       []string

	pointer, nationalityAt, bornAt string
	list                           string // tells the entries of one list from those of another, where there are no ids
	scope                          int    // tells the companies apart, where there are several
	kind                           string
	merged                         bool // into an earlier one
}

// add takes an entry in, or what it adds to earlier ones of the same party: who is an officer and an owner has an entry
// as each, and only the second tells of the share.
func (p *people) add(v party, pointer string) {
	v.pointer, v.nationalityAt, v.bornAt = pointer, pointer+"/nationality", pointer+"/date_of_birth"
	same := p.find(v)
	if len(same) == 0 {
		same = []int{len(p.parties)}
		p.parties = append(p.parties, v)
		if v.kind != "" && !hasID(v.uuid) {
			p.named[v.key()] = append(p.named[v.key()], same[0])
		}
	} else {
		to := &p.parties[same[0]]
		to.merge(v)
		// The next one of the same name in this list is somebody else.
		to.list = v.list
	}
	// An id and a session may each have led to a party of its own until this entry showed that they are one.
	for _, i := range same[1:] {
		p.parties[same[0]].merge(p.parties[i])
		p.parties[i].merged = true
		for id, at := range p.known {
			if at == i {
				p.known[id] = same[0]
			}
		}
	}
	for _, id := range v.ids() {
		p.known[id] = same[0]
	}
}

// ids are what proves that two entries are of one party: the vendor's id of it, and the sessions that it went through.
func (v party) ids() []string {
	var out []string
	if hasID(v.uuid) {
		out = append(out, "id "+v.uuid)
	}
	for _, session := range v.sessions {
		if hasID(session) {
			out = append(out, "session "+session)
		}
	}
	return out
}

// hasID tells an id from the dots that samples have in its place.
func hasID(uuid string) bool { return strings.Trim(uuid, ".") != "" }

// find returns the entries of the same party, the first met first. Without ids only the same place in another list of the
// same company tells: two people of one list may share a name.
func (p *people) find(v party) []int {
	var same []int
	for _, id := range v.ids() {
		if i, ok := p.known[id]; ok && !slices.Contains(same, i) {
			same = append(same, i)
		}
	}
	slices.Sort(same)
	if len(same) > 0 || hasID(v.uuid) || v.kind == "" || !hasText(v.name) {
		return same
	}
	for _, i := range p.named[v.key()] {
		if e := p.parties[i]; !e.merged && e.list != v.list && e.mayBe(v) {
			return []int{i}
		}
	}
	return nil
}

// mayBe reports whether nothing that both entries say is against their being of one party of that name.
func (v party) mayBe(other party) bool {
	company, told := v.isCompany()
	otherCompany, otherTold := other.isCompany()
	differ := func(a, b string) bool { return a != "" && b != "" && !equalASCII(a, b) }
	return !(told && otherTold && company != otherCompany) && !differ(string(v.born), string(other.born)) &&
		!differ(v.registration, other.registration) && (len(v.sessions) == 0 || len(other.sessions) == 0)
}

func (v party) key() string { return scopeKey(v.scope) + v.kind + " " + strings.ToLower(v.name) }

// merge fills what the first entry does not say. What it says stays, but for a verdict that is worse.
func (v *party) merge(other party) {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&v.name, other.name}, {&v.first, other.first}, {&v.last, other.last}, {&v.company, other.company},
		{&v.registration, other.registration}, {&v.email, other.email}, {&v.phone, other.phone},
		{(*string)(&v.entity), string(other.entity)},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	if better(v.nationality, other.nationality) {
		v.nationality, v.nationalityAt = other.nationality, other.nationalityAt
	}
	if v.born == "" {
		v.born, v.bornAt = other.born, other.bornAt
	}
	for _, role := range other.roles {
		if !slices.ContainsFunc(v.roles, func(has string) bool { return equalASCII(has, role) }) {
			v.roles = append(v.roles, role)
		}
	}
	v.sessions = append(v.sessions, other.sessions...)
	// A bound that contradicts the other one is not taken over.
	if v.low == nil && other.low != nil && (v.high == nil || *other.low <= *v.high) {
		v.low = other.low
	}
	if v.high == nil && other.high != nil && (v.low == nil || *v.low <= *other.high) {
		v.high = other.high
	}
	v.verdict.worse(other.verdict)
}

// better reports whether a country says more than the one that is known: a registry writes British where a form has GBR.
func better(known, other string) bool {
	_, readable := country.Alpha3(known)
	_, otherReadable := country.Alpha3(other)
	return other != "" && (known == "" || !readable && otherReadable)
}

// list returns the parties in the order in which they were met.
func (p *people) list() []kyc.Party {
	var out []kyc.Party
	for _, v := range p.parties {
		if v.merged {
			continue
		}
		one := kyc.Party{Roles: v.roles, OwnershipMin: v.low, OwnershipMax: v.high, Decision: v.verdict.decision, Pointer: v.pointer}
		if company, _ := v.isCompany(); company {
			name := v.company
			if name == "" {
				name = v.name
			}
			// Of a company the vendor's nationality is where it was founded.
			one.Company = &kyc.Company{Name: name, RegistrationNumber: v.registration, Country: alpha3(p.result, v.nationality, v.nationalityAt)}
		} else {
			one.Person = &kyc.Person{
				FirstName: v.first, LastName: v.last, FullName: v.name, DateOfBirth: dateOf(p.result, v.born, v.bornAt), Email: v.email, Phone: v.phone,
				Nationality: alpha3(p.result, v.nationality, v.nationalityAt),
			}
		}
		if v.verdict.session != "" {
			one.Ref = kyc.Ref{Vendor: kyc.Didit, Session: v.verdict.session}
		}
		out = append(out, one)
	}
	return out
}
