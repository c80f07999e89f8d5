package didit

import "github.com/seed44d1d1b3/kyc-go/kyc"

// business reads the company and the people behind it.
func business(r *kyc.Result, d *Decision, settings kyc.Settings) {
	best := -1
	for i, check := range d.RegistryChecks {
		if check.Company == nil {
			continue
		}
		if best < 0 || (equalASCII(string(check.Status), string(FeatureStatusApproved)) && !equalASCII(string(d.RegistryChecks[best].Status), string(FeatureStatusApproved))) {
			best = i
		}
	}
	if best >= 0 {
		r.Company = company(r, d.RegistryChecks[best].Company, kyc.PointerTo("registry_checks", best, "company"))
	}
	p := people{result: r, settings: settings, seen: make(map[string]bool)}
	for i, check := range d.KeyPeopleChecks {
		p.keyPeople(check, kyc.PointerTo("key_people_checks", i))
	}
	// The registry's own list says less of the same people.
	for i, check := range d.RegistryChecks {
		if check.Company != nil {
			p.registryPeople(check.Company, kyc.PointerTo("registry_checks", i, "company"))
		}
	}
	r.Parties = p.parties
}

func company(r *kyc.Result, c *Company, at string) *kyc.Company {
	out := &kyc.Company{
		Name: c.CompanyName, RegistrationNumber: c.RegistrationNumber, TaxNumber: c.TaxNumber, Type: c.CompanyType, Status: c.RegistryStatus,
		Country: alpha3(r, c.CountryCode, at+"/country_code"), IncorporatedOn: c.IncorporationDate, Website: c.Website,
	}
	if trimmed(c.RegisteredAddress) {
		out.Address = &kyc.Address{Formatted: c.RegisteredAddress}
	}
	return out
}

// people gathers the parties, each once by the vendor's id of it.
type people struct {
	result   *kyc.Result
	settings kyc.Settings
	parties  []kyc.Party
	seen     map[string]bool
}

// party is what the vendor's five kinds of entry have in common.
type party struct {
	uuid, name, first, last, company, registration string
	nationality, email, phone                      string
	born                                           kyc.Date
	entity                                         EntityType
	roles                                          []string
	low, high                                      *float64
	status, session                                string
}

func (p *people) add(v party, pointer string) {
	// Samples have dots where ids belong.
	if len(v.uuid) > 3 {
		if p.seen[v.uuid] {
			return
		}
		p.seen[v.uuid] = true
	}
	out := kyc.Party{Roles: v.roles, OwnershipMin: v.low, OwnershipMax: v.high, Pointer: pointer}
	if v.entity == EntityTypeCompany || (v.entity == "" && v.company != "") {
		name := v.company
		if name == "" {
			name = v.name
		}
		out.Company = &kyc.Company{Name: name, RegistrationNumber: v.registration}
	} else {
		out.Person = &kyc.Person{
			FirstName: v.first, LastName: v.last, FullName: v.name, DateOfBirth: v.born, Email: v.email, Phone: v.phone,
			Nationality: alpha3(p.result, v.nationality, pointer+"/nationality"),
		}
	}
	if v.status != "" {
		out.Decision, _ = decideWord(p.settings, FieldParty, "", v.status)
	}
	if v.session != "" {
		out.Ref = kyc.Ref{Vendor: kyc.Didit, Session: v.session}
	}
	p.parties = append(p.parties, out)
}

// shares returns the bounds that the registry gives, else the share over all levels.
func shares(low, high Share, effective *float64) (from, to *float64) {
	if l, h, ok := low.Percent(); ok {
		from, to = &l, &h
	}
	if l, h, ok := high.Percent(); ok {
		to = &h
		if from == nil {
			from = &l
		}
	}
	if from == nil && to == nil {
		return effective, effective
	}
	return from, to
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

func (p *people) keyPeople(check KeyPeopleCheck, at string) {
	if reg := check.Registry; reg != nil {
		for i, v := range reg.Officers {
			p.add(party{
				uuid: v.UUID, name: v.Name, nationality: v.Nationality, roles: nonEmpty(string(v.Role)),
				status: string(v.KYCStatus), session: v.KYCSessionID,
			}, at+kyc.PointerTo("registry", "officers", i))
		}
		for i, v := range reg.BeneficialOwners {
			low, high := shares(v.OwnershipMinShares, v.OwnershipMaxShares, v.EffectiveOwnershipPercent)
			p.add(party{
				uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, company: v.CompanyName, registration: v.RegistrationNumber,
				nationality: v.Nationality, email: v.Email, born: v.DateOfBirth, entity: v.EntityType, roles: v.Roles, low: low, high: high,
				status: string(v.KYCStatus), session: v.KYCSessionID,
			}, at+kyc.PointerTo("registry", "beneficial_owners", i))
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
			if e.low == nil && role.OwnershipPercent != nil {
				e.low, e.high = role.OwnershipPercent, role.OwnershipPercent
			}
		}
		p.add(e, at+kyc.PointerTo("submitted", "parties", i))
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
	if len(p.parties) > 0 {
		return
	}
	for i, v := range c.Officers {
		p.add(party{
			uuid: v.UUID, name: v.Name, nationality: v.Nationality, roles: nonEmpty(v.Role), status: string(v.KYCStatus),
		}, at+kyc.PointerTo("officers", i))
	}
	for i, v := range c.BeneficialOwners {
		low, high := shares(v.OwnershipMinShares, v.OwnershipMaxShares, v.EffectiveOwnershipPercent)
		p.add(party{
			uuid: v.UUID, name: v.Name, first: v.FirstName, last: v.LastName, entity: v.EntityType, roles: v.Roles, low: low, high: high,
			status: string(v.KYCStatus),
		}, at+kyc.PointerTo("beneficial_owners", i))
	}
}
