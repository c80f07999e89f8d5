package didit

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Kinds of entry.
const (
	kindOfficer = "officer"
	kindOwner   = "owner"
)

// keyLists are the officers and owners of one step on key people. The schema has them below registry; the prose samples
// have them in the step itself too, where they may say more.
type keyLists struct {
	officers []KeyOfficer
	owners   []KeyOwner
	at       string
}

func listsOf(check KeyPeopleCheck, at string) []keyLists {
	var out []keyLists
	if reg := check.Registry; reg != nil {
		out = append(out, keyLists{reg.Officers, reg.BeneficialOwners, at + "/registry"})
	}
	older := keyLists{at: at}
	readMember(check.Extra["officers"], &older.officers)
	readMember(check.Extra["beneficial_owners"], &older.owners)
	return append(out, older)
}

// readMember reads a member that the schema does not name. One that does not read stays in Extra.
func readMember(raw json.RawMessage, out any) {
	if raw != nil {
		_ = kyc.Unmarshal(raw, out)
	}
}

// depart notes who is said to have left, whichever list says so: the others may say less. Somebody who left an office may
// still own.
func (p *people) depart(kind, uuid string, active *bool, ended kyc.Date) {
	if gone(active, ended) && hasID(uuid) {
		p.former[kind+uuid] = true
	}
}

// gone reports whether an entry says of itself that it is over. An end that lies ahead is told by the mark.
func gone(active *bool, ended kyc.Date) bool {
	if active != nil {
		return !*active
	}
	return hasText(string(ended))
}

// left reports whether an entry is of the past. kyc.Party has no mark for that, so such a one is not listed.
func (p *people) left(kind, uuid string, active *bool, ended kyc.Date) bool {
	return gone(active, ended) || active == nil && p.former[kind+uuid]
}

// departed collects who left before anybody is listed.
func (p *people) departed(d *Decision, lists [][]keyLists) {
	for _, of := range lists {
		for _, list := range of {
			for _, v := range list.officers {
				p.depart(kindOfficer, v.UUID, v.IsActive, v.TerminationDate)
			}
			for _, v := range list.owners {
				p.depart(kindOwner, v.UUID, v.IsActive, "")
			}
		}
	}
	for _, check := range d.RegistryChecks {
		if check.Company == nil {
			continue
		}
		for _, v := range check.Company.Officers {
			p.depart(kindOfficer, v.UUID, v.IsActive, "")
		}
		for _, v := range check.Company.BeneficialOwners {
			p.depart(kindOwner, v.UUID, v.IsActive, "")
		}
	}
}

func (p *people) keyPeople(check KeyPeopleCheck, lists []keyLists, at string, scope int) {
	for _, list := range lists {
		for i, v := range list.officers {
			if p.left(kindOfficer, v.UUID, v.IsActive, v.TerminationDate) {
				continue
			}
			p.add(party{
				uuid: v.UUID, name: v.Name, nationality: v.Nationality, roles: nonEmpty(string(v.Role)),
				verdict: p.verdict(v.KYCSessionID, string(v.KYCStatus), string(v.AMLStatus)), sessions: nonEmpty(v.KYCSessionID),
				list: list.at, scope: scope, kind: kindOfficer,
			}, list.at+kyc.PointerTo("officers", i))
		}
		for i, v := range list.owners {
			if p.left(kindOwner, v.UUID, v.IsActive, "") {
				continue
			}
			pointer := list.at + kyc.PointerTo("beneficial_owners", i)
			e := p.owner(v)
			e.list, e.scope, e.kind = list.at, scope, kindOwner
			e.low, e.high = shares(v.OwnershipMinShares, v.OwnershipMaxShares, v.EffectiveOwnershipPercent)
			p.add(e, pointer)
			p.behind(v.ChildBeneficialOwners, pointer, 1)
		}
	}
	if check.Submitted == nil {
		return
	}
	for i, v := range check.Submitted.Parties {
		if !gone(v.IsActive, "") {
			p.add(p.submitted(v), at+kyc.PointerTo("submitted", "parties", i))
		}
	}
}

// owner reads an owner but for the share.
func (p *people) owner(v KeyOwner) party {
	return party{
		uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, company: v.CompanyName, registration: v.RegistrationNumber,
		nationality: v.Nationality, email: v.Email, born: v.DateOfBirth, entity: v.EntityType, roles: v.Roles,
		verdict: p.verdict(v.KYCSessionID, string(v.KYCStatus), string(v.AMLStatus)), sessions: nonEmpty(v.KYCSessionID),
	}
}

// submitted reads somebody whom the company named itself. A company among them may have had a session of either kind.
func (p *people) submitted(v Party) party {
	e := party{
		uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, company: v.CompanyName, registration: v.RegistrationNumber,
		nationality: v.Nationality, email: v.Email, phone: v.PhoneNumber, born: v.DateOfBirth, entity: v.EntityType,
		verdict:  p.verdict(v.KYCSessionID, string(v.KYCSessionStatus), ""),
		sessions: nonEmpty(v.KYCSessionID, v.KYBSubSessionID),
	}
	e.verdict.worse(p.verdict(v.KYBSubSessionID, string(v.KYBSubSessionStatus), ""))
	older(v, &e)
	for _, role := range v.Roles {
		e.roles = append(e.roles, nonEmpty(string(role.Role))...)
	}
	if low, high := roleShares(v.Roles); low != nil {
		e.low, e.high = low, high
	}
	return e
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
		if gone(v.IsActive, "") {
			continue
		}
		pointer := at + kyc.PointerTo("child_beneficial_owners", i)
		p.add(p.owner(v), pointer)
		p.behind(v.ChildBeneficialOwners, pointer, level+1)
	}
}

func (p *people) registryPeople(c *Company, at string, scope int) {
	for i, v := range c.Officers {
		if p.left(kindOfficer, v.UUID, v.IsActive, "") {
			continue
		}
		p.add(party{
			uuid: v.UUID, name: v.Name, nationality: v.Nationality, roles: nonEmpty(v.Role), verdict: p.verdict("", string(v.KYCStatus), ""),
			list: at, scope: scope, kind: kindOfficer,
		}, at+kyc.PointerTo("officers", i))
	}
	for i, v := range c.BeneficialOwners {
		if p.left(kindOwner, v.UUID, v.IsActive, "") {
			continue
		}
		low, high := shares(v.OwnershipMinShares, v.OwnershipMaxShares, v.EffectiveOwnershipPercent)
		p.add(party{
			uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, entity: v.EntityType, roles: v.Roles, low: low, high: high,
			verdict: p.verdict("", string(v.KYCStatus), ""), list: at, scope: scope, kind: kindOwner,
		}, at+kyc.PointerTo("beneficial_owners", i))
	}
}

// verdict is what the vendor says of a party's own verification, and in which session.
type verdict struct {
	decision kyc.Decision
	told     bool // a word was there: none is no opinion, one that no table names is a bad sign
	session  string
}

// verdict reads the state of a session and of the screening that belongs to it.
func (p *people) verdict(session, status, screening string) verdict {
	v := verdict{session: session}
	if status != "" {
		v.told = true
		v.decision, _ = decideWord(p.settings, FieldParty, "", status)
	}
	if screening != "" {
		of := verdict{told: true, session: session}
		of.decision, _ = decideWord(p.settings, FieldFeature, string(FeatureAML), screening)
		v.worse(of)
	}
	return v
}

// worse keeps the worse of two verdicts with its session. Whoever is not approved in one list is not approved.
func (v *verdict) worse(other verdict) {
	if other.rank() > v.rank() {
		v.decision, v.told = other.decision, other.told
		if other.session != "" {
			v.session = other.session
		}
	}
	if v.session == "" {
		v.session = other.session
	}
}

func (v verdict) rank() int {
	if !v.told {
		return 0
	}
	//exhaustive:enforce
	switch v.decision {
	case kyc.Approved:
		return 1
	case kyc.Pending, kyc.InputRequired, kyc.Review, kyc.Expired, kyc.Abandoned, kyc.Failed:
		return 2
	case kyc.Unknown:
		return 3
	case kyc.Declined:
		return 4
	}
	return 3
}

func scopeKey(scope int) string { return strconv.Itoa(scope) + " " }

// isCompany reports whether an entry is one of a legal entity, and whether that can be told. Registries have more words
// than the documented two, so a word that is not a person's is a company's where nothing of a person stands beside it.
func (v party) isCompany() (company, told bool) {
	human := v.first != "" || v.last != "" || v.born != ""
	switch {
	case slices.ContainsFunc([]string{"person", "individual", "natural_person", "natural person"}, func(word string) bool { return equalASCII(word, string(v.entity)) }):
		return false, true
	case equalASCII(string(v.entity), string(EntityTypeCompany)):
		return true, true
	case v.company != "" || v.registration != "":
		return true, true
	case hasText(string(v.entity)):
		return !human, true
	default:
		return false, human
	}
}
