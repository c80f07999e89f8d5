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
	p := people{result: r, settings: settings, seen: make(map[string]int), named: make(map[string][]int), former: make(map[string]bool)}
	for i, check := range d.KeyPeopleChecks {
		p.keyPeople(check, kyc.PointerTo("key_people_checks", i))
	}
	// The registry's own list says less of the same people, but may have some that the step on key people has not.
	for i, check := range d.RegistryChecks {
		if check.Company != nil {
			p.registryPeople(check.Company, kyc.PointerTo("registry_checks", i, "company"))
		}
	}
	r.Parties = p.list()
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
