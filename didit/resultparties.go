package didit

import (
	"encoding/json"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// people gathers the parties, each once by the vendor's id of it.
type people struct {
	result   *kyc.Result
	settings kyc.Settings
	parties  []party
	seen     map[string]int   // where an id stands in parties
	named    map[string][]int // where those without an id stand, by kind and name
	former   map[string]bool  // ids of officers who left
}

// party is what the vendor's kinds of entry have in common.
type party struct {
	uuid, name, first, last, company, registration string
	nationality, email, phone                      string
	born                                           kyc.Date
	entity                                         EntityType
	roles                                          []string
	low, high                                      *float64
	status, session                                string

	pointer, nationalityAt string
	list                   string // tells the entries of one list from those of another, where there are no ids
	kind                   string
}

// Kinds of entry.
const (
	kindOfficer = "officer"
	kindOwner   = "owner"
)

// add takes an entry in, or what it adds to an earlier one of the same party: who is an officer and an owner has an entry
// as each, and only the second tells of the share.
func (p *people) add(v party, pointer string) {
	v.pointer, v.nationalityAt = pointer, pointer+"/nationality"
	if i := p.find(v); i >= 0 {
		p.merge(&p.parties[i], v)
		// The next one of the same name in this list is somebody else.
		p.parties[i].list = v.list
		return
	}
	if hasID(v.uuid) {
		p.seen[v.uuid] = len(p.parties)
	} else if v.kind != "" {
		p.named[v.key()] = append(p.named[v.key()], len(p.parties))
	}
	p.parties = append(p.parties, v)
}

// hasID tells an id from the dots that samples have in its place.
func hasID(uuid string) bool { return len(uuid) > 3 }

// find returns the entry of the same party, -1 for none. Without ids, only the same place in another list tells: two people
// of one list may share a name.
func (p *people) find(v party) int {
	if hasID(v.uuid) {
		if i, ok := p.seen[v.uuid]; ok {
			return i
		}
		return -1
	}
	if v.kind == "" || !trimmed(v.name) {
		return -1
	}
	for _, i := range p.named[v.key()] {
		if e := p.parties[i]; e.list != v.list && (e.born == "" || v.born == "" || e.born == v.born) {
			return i
		}
	}
	return -1
}

func (v party) key() string { return v.kind + " " + strings.ToLower(v.name) }

func (p *people) merge(to *party, v party) {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&to.name, v.name}, {&to.first, v.first}, {&to.last, v.last}, {&to.company, v.company}, {&to.registration, v.registration},
		{&to.email, v.email}, {&to.phone, v.phone}, {(*string)(&to.born), string(v.born)}, {(*string)(&to.entity), string(v.entity)},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	if to.nationality == "" {
		to.nationality, to.nationalityAt = v.nationality, v.nationalityAt
	}
	for _, role := range v.roles {
		known := false
		for _, has := range to.roles {
			known = known || equalASCII(has, role)
		}
		if !known {
			to.roles = append(to.roles, role)
		}
	}
	// A bound that contradicts the other one is not taken over.
	if to.low == nil && v.low != nil && (to.high == nil || *v.low <= *to.high) {
		to.low = v.low
	}
	if to.high == nil && v.high != nil && (to.low == nil || *to.low <= *v.high) {
		to.high = v.high
	}
	// The first list says more, but who was declined anywhere must not pass for somebody who was not.
	was, is := p.decide(to.status), p.decide(v.status)
	if (was == kyc.Unknown && v.status != "") || (is == kyc.Declined && was != kyc.Declined) {
		to.status = v.status
		if v.session != "" {
			to.session = v.session
		}
	}
	if to.session == "" {
		to.session = v.session
	}
}

func (p *people) decide(status string) kyc.Decision {
	if status == "" {
		return kyc.Unknown
	}
	decision, _ := decideWord(p.settings, FieldParty, "", status)
	return decision
}

// list returns the parties in the order in which they were met.
func (p *people) list() []kyc.Party {
	var out []kyc.Party
	for _, v := range p.parties {
		one := kyc.Party{Roles: v.roles, OwnershipMin: v.low, OwnershipMax: v.high, Decision: p.decide(v.status), Pointer: v.pointer}
		if v.entity == EntityTypeCompany || (v.entity == "" && v.company != "") {
			name := v.company
			if name == "" {
				name = v.name
			}
			one.Company = &kyc.Company{Name: name, RegistrationNumber: v.registration}
		} else {
			one.Person = &kyc.Person{
				FirstName: v.first, LastName: v.last, FullName: v.name, DateOfBirth: v.born, Email: v.email, Phone: v.phone,
				Nationality: alpha3(p.result, v.nationality, v.nationalityAt),
			}
		}
		if v.session != "" {
			one.Ref = kyc.Ref{Vendor: kyc.Didit, Session: v.session}
		}
		out = append(out, one)
	}
	return out
}

// shares returns the bounds that the registry gives; one that it leaves out stays unknown. Where neither can be read, the
// vendor's own number stands for the bound that was given: it is the upper one, or the lower one where that is all there
// is. Without any bound it is the only word on the share, and taken as that.
func shares(low, high Share, effective *float64) (from, to *float64) {
	var fromRange *float64
	if l, h, ok := low.Percent(); ok {
		from = &l
		if isRange(low) {
			fromRange = &h
		}
	}
	to = fromRange
	if l, h, ok := high.Percent(); ok {
		to = &h
		if from == nil && isRange(high) {
			from = &l
		}
	}
	if from != nil && to != nil && *from > *to {
		return nil, nil
	}
	if effective = within(effective); from != nil || to != nil || effective == nil {
		return from, to
	}
	switch {
	case trimmed(high.Text()):
		return nil, effective
	case trimmed(low.Text()):
		return effective, nil
	default:
		return effective, effective
	}
}

// isRange tells "25-50" from "25".
func isRange(s Share) bool { return strings.Contains(s.Text(), "-") }

// within drops what is no share.
func within(percent *float64) *float64 {
	if percent == nil || !(*percent >= 0 && *percent <= 100) {
		return nil
	}
	return percent
}

func nonEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if trimmed(w) {
			out = append(out, w)
		}
	}
	return out
}

// left tells whether an officer is one no more. kyc.Party has no mark for that, so such a one is not listed; the other lists
// may say less, so the id is remembered.
func (p *people) left(uuid string, active *bool) bool {
	if active != nil {
		if !*active && hasID(uuid) {
			p.former[uuid] = true
		}
		return !*active
	}
	return p.former[uuid]
}

func (p *people) keyPeople(check KeyPeopleCheck, at string) {
	if reg := check.Registry; reg != nil {
		for i, v := range reg.Officers {
			if p.left(v.UUID, v.IsActive) {
				continue
			}
			p.add(party{
				uuid: v.UUID, name: v.Name, nationality: v.Nationality, roles: nonEmpty(string(v.Role)),
				status: string(v.KYCStatus), session: v.KYCSessionID, list: at, kind: kindOfficer,
			}, at+kyc.PointerTo("registry", "officers", i))
		}
		for i, v := range reg.BeneficialOwners {
			pointer := at + kyc.PointerTo("registry", "beneficial_owners", i)
			e := owner(v)
			e.list, e.kind = at, kindOwner
			e.low, e.high = shares(v.OwnershipMinShares, v.OwnershipMaxShares, v.EffectiveOwnershipPercent)
			p.add(e, pointer)
			p.behind(v.ChildBeneficialOwners, pointer, 1)
		}
	}
	if check.Submitted == nil {
		return
	}
	for i, v := range check.Submitted.Parties {
		e := party{
			uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, company: v.CompanyName, registration: v.RegistrationNumber,
			nationality: v.Nationality, email: v.Email, phone: v.PhoneNumber, born: v.DateOfBirth, entity: v.EntityType,
			status: string(v.KYCSessionStatus), session: v.KYCSessionID,
		}
		if e.session == "" && v.KYBSubSessionID != "" {
			e.status, e.session = string(v.KYBSubSessionStatus), v.KYBSubSessionID
		}
		older(v, &e)
		for _, role := range v.Roles {
			e.roles = append(e.roles, nonEmpty(string(role.Role))...)
			if percent := within(role.OwnershipPercent); e.low == nil && percent != nil {
				e.low, e.high = percent, percent
			}
		}
		p.add(e, at+kyc.PointerTo("submitted", "parties", i))
	}
}

// owner reads an owner but for the share.
func owner(v KeyOwner) party {
	return party{
		uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, company: v.CompanyName, registration: v.RegistrationNumber,
		nationality: v.Nationality, email: v.Email, born: v.DateOfBirth, entity: v.EntityType, roles: v.Roles,
		status: string(v.KYCStatus), session: v.KYCSessionID,
	}
}

// maxLevels bounds how many owners stand one behind the other.
const maxLevels = 16

// behind lists the owners of an owner. What they hold is a share in that owner and not in the company, so the share is left
// unknown. The entries are the registry's own, of which the vendor promises no shape: one that does not read is listed
// all the same, and Pointer leads to it.
func (p *people) behind(children []json.RawMessage, at string, level int) {
	if level > maxLevels {
		return
	}
	for i, raw := range children {
		var v KeyOwner
		if err := kyc.Unmarshal(raw, &v); err != nil {
			v = KeyOwner{}
		}
		pointer := at + kyc.PointerTo("child_beneficial_owners", i)
		p.add(owner(v), pointer)
		p.behind(v.ChildBeneficialOwners, pointer, level+1)
	}
}

// older reads the role and share of the vendor's prose samples, which stand in the party itself.
func older(v Party, e *party) {
	var role string
	if raw := v.Extra["role"]; raw != nil && kyc.Unmarshal(raw, &role) == nil {
		e.roles = nonEmpty(role)
	}
	var percent Share
	if raw := v.Extra["ownership_percent"]; raw != nil && kyc.Unmarshal(raw, &percent) == nil {
		e.low, e.high = shares(percent, percent, nil)
	}
}

func (p *people) registryPeople(c *Company, at string) {
	for i, v := range c.Officers {
		if p.left(v.UUID, v.IsActive) {
			continue
		}
		p.add(party{
			uuid: v.UUID, name: v.Name, nationality: v.Nationality, roles: nonEmpty(v.Role), status: string(v.KYCStatus),
			list: at, kind: kindOfficer,
		}, at+kyc.PointerTo("officers", i))
	}
	for i, v := range c.BeneficialOwners {
		low, high := shares(v.OwnershipMinShares, v.OwnershipMaxShares, v.EffectiveOwnershipPercent)
		p.add(party{
			uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, entity: v.EntityType, roles: v.Roles, low: low, high: high,
			status: string(v.KYCStatus), list: at, kind: kindOwner,
		}, at+kyc.PointerTo("beneficial_owners", i))
	}
}
