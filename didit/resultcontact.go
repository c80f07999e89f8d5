package didit

import "github.com/seed44d1d1b3/kyc-go/kyc"

// contact adds to the person what was verified beside documents: e-mail address, telephone number and the proven address. A
// workflow may verify nothing else, and then there is no other person than this. In a company's session they are the
// company's.
func contact(r *kyc.Result, d *Decision) {
	if d.Business() || len(d.RegistryChecks) > 0 {
		return
	}
	p, alone := r.Person, r.Person == nil
	if alone {
		p = &kyc.Person{}
	}
	take := func(to *string, value, pointer, rule string) {
		if *to == "" && hasText(value) {
			*to, r.Person = value, p
			if alone {
				r.Cite(pointer, rule, false)
			}
		}
	}
	for i, v := range d.EmailVerifications {
		if approved(v.Status) {
			take(&p.Email, v.Email, kyc.PointerTo("email_verifications", i, "email"), "a verified e-mail address is the person's")
		}
	}
	for i, v := range d.PhoneVerifications {
		if approved(v.Status) {
			take(&p.Phone, v.FullNumber, kyc.PointerTo("phone_verifications", i, "full_number"), "a verified telephone number is the person's")
		}
	}
	for i, v := range d.POAVerifications {
		if p.Address == nil && approved(v.Status) {
			if a := poaAddress(r, v, kyc.PointerTo("poa_verifications", i)); a != nil {
				p.Address, r.Person = a, p
			}
		}
	}
}

// poaAddress reads an address that a document proved.
func poaAddress(r *kyc.Result, v POAVerification, at string) *kyc.Address {
	const rule = "a proven address is the person's"
	a := kyc.Address{Formatted: v.POAFormattedAddress}
	switch {
	case hasText(a.Formatted):
		r.Cite(at+"/poa_formatted_address", rule, false)
	case hasText(v.POAAddress):
		a.Formatted = v.POAAddress
		r.Cite(at+"/poa_address", rule, false)
	}
	if p := v.POAParsedAddress; p != nil {
		a.Lines, a.City, a.Subdivision, a.PostalCode = nonEmpty(p.Street1, p.Street2), p.City, p.Region, p.PostalCode
		a.Country = alpha3(r, p.Country, at+"/poa_parsed_address/country")
	}
	if isEmpty(a) {
		return nil
	}
	if a.Formatted == "" {
		r.Cite(at+"/poa_parsed_address", rule, false)
	}
	return &a
}

func isEmpty(a kyc.Address) bool {
	return a.Formatted == "" && a.City == "" && len(a.Lines) == 0 && a.Country == "" && a.PostalCode == "" && a.Subdivision == ""
}
