// Package country turns the country notations that identity documents and vendors use into ISO 3166-1 codes.
package country

import (
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// row is one country of ISO 3166-1.
type row struct{ alpha2, alpha3, name string }

// aliases are notations that are in use but not in the standard. Only those are listed that name one country beyond
// doubt: the machine-readable zone's D, the road sign style codes of the European Union, and Kosovo, which has a
// user-assigned code. The zone's GBD, GBN, GBO, GBP and GBS say more than a country (a class of nationality), so they
// are left as they are.
var aliases = map[string]string{
	"D":   "DEU",
	"UK":  "GBR",
	"EL":  "GRC",
	"RKS": "XKX",
	"KOS": "XKX",

	"UNITED STATES OF AMERICA": "USA",
	"GREAT BRITAIN":            "GBR",
	"UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND": "GBR",
	"RUSSIAN FEDERATION":         "RUS",
	"REPUBLIC OF KOREA":          "KOR",
	"CZECH REPUBLIC":             "CZE",
	"TURKEY":                     "TUR",
	"IVORY COAST":                "CIV",
	"VIET NAM":                   "VNM",
	"THE NETHERLANDS":            "NLD",
	"HOLY SEE":                   "VAT",
	"ISLAMIC REPUBLIC OF IRAN":   "IRN",
	"IRAN (ISLAMIC REPUBLIC OF)": "IRN",
	"SYRIAN ARAB REPUBLIC":       "SYR",
	"REPUBLIC OF MOLDOVA":        "MDA",
	"SWAZILAND":                  "SWZ",
	"CAPE VERDE":                 "CPV",
	"MACEDONIA":                  "MKD",
	"BURMA":                      "MMR",
	"HONG KONG SAR CHINA":        "HKG",
}

// kosovo is not in the standard; vendors use the user-assigned codes.
var kosovo = row{"XK", "XKX", "Kosovo"}

// index leads from each notation, folded, to the alpha-3 code.
var index = build()

func build() map[string]string {
	m := make(map[string]string, 3*len(table)+len(aliases)+3)
	add := func(r row) {
		m[r.alpha2], m[r.alpha3], m[fold(r.name)] = r.alpha3, r.alpha3, r.alpha3
	}
	for _, r := range table {
		add(r)
	}
	add(kosovo)
	for alias, alpha3 := range aliases {
		m[alias] = alpha3
	}
	return m
}

// fold upper-cases, trims, and makes one space of any run of white space. The machine-readable zone's fillers go too.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToUpper(strings.TrimRight(strings.TrimSpace(s), "<"))), " ")
}

// Alpha3 returns the ISO 3166-1 alpha-3 code of an alpha-2 or alpha-3 code or a
// common English name, in any case. ok is false if the notation names no country:
// nothing is guessed.
func Alpha3(notation string) (code string, ok bool) {
	code, ok = index[fold(notation)]
	return code, ok
}

// The rules under which Cite adds evidence.
const (
	ruleRewritten = "country rewritten as ISO 3166-1 alpha-3"
	ruleUnlisted  = "country is in no list and kept as it is"
)

// Cite returns the alpha-3 code of a country whose text is at pointer in r.Raw. If
// the code differs from the text, the text is added to the evidence of r. A text
// that names no country is returned as it is and cited too, so that whoever expects
// a code finds out why there is none. An empty text is returned without a citation.
func Cite(r *kyc.Result, text, pointer string) string {
	code, ok := Alpha3(text)
	switch {
	case text == "" || code == text:
		return text
	case !ok:
		r.Cite(pointer, ruleUnlisted, false)
		return text
	}
	r.Cite(pointer, ruleRewritten, false)
	return code
}
