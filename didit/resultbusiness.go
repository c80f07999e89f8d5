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
	p := people{result: r, settings: settings, known: make(map[string]int), named: make(map[string][]int), former: make(map[string]bool)}
	lists := make([][]keyLists, len(d.KeyPeopleChecks))
	for i, check := range d.KeyPeopleChecks {
		lists[i] = listsOf(check, kyc.PointerTo("key_people_checks", i))
	}
	p.departed(d, lists)
	for i, check := range d.KeyPeopleChecks {
		p.keyPeople(check, lists[i], kyc.PointerTo("key_people_checks", i), i)
	}
	// The registry's own list says less of the same people, but may have some that the step on key people has not. Which
	// company a step is about is told only by its place, where there are as many of both.
	scope := len(d.KeyPeopleChecks)
	if len(d.RegistryChecks) == len(d.KeyPeopleChecks) {
		scope = 0
	}
	for i, check := range d.RegistryChecks {
		if check.Company != nil {
			p.registryPeople(check.Company, kyc.PointerTo("registry_checks", i, "company"), scope+i)
		}
	}
	r.Parties = p.list()
}

func company(r *kyc.Result, c *Company, at string) *kyc.Company {
	out := &kyc.Company{
		Name: c.CompanyName, RegistrationNumber: c.RegistrationNumber, TaxNumber: c.TaxNumber, Type: c.CompanyType, Status: c.RegistryStatus,
		Country: alpha3(r, c.CountryCode, at+"/country_code"), IncorporatedOn: dateOf(r, c.IncorporationDate, at+"/incorporation_date"), Website: c.Website,
	}
	if hasText(c.RegisteredAddress) {
		out.Address = &kyc.Address{Formatted: c.RegisteredAddress}
	}
	return out
}
