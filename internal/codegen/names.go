package main

import (
	"maps"
	"strings"
	"unicode"
)

// initialisms are written in one case in Go names.
var initialisms = allInitialisms()

func allInitialisms() map[string]string {
	all := map[string]string{}
	for _, word := range strings.Fields(`
		AML API ASN BIC BVN CDD CIP CNPJ CPF CPU CRA CSS CURP DMV DNI DOB EDD EID EKYC GPS HTML HTTP HTTPS IBAN ICAO ID
		IDV IMEI IMSI IP ISO JPEG JSON JWT KYB KYC KYX LEI MRZ NFC NPI OCR OK OS OTP PDF PEP PESEL PIN PNG POA POI QR RFC RFID
		RG RSA SDK SHA SIM SMS SSN TIN TTL TLS UBO UI URI URL UTC UUID VAT VIN VPN VOIP XML`) {
		all[strings.ToLower(word)] = word
	}
	all["voip"] = "VoIP"
	for lower, word := range maps.Clone(all) {
		if !strings.HasSuffix(lower, "s") {
			all[lower+"s"] = word + "s"
		}
	}
	return all
}

// words splits a name of any style: snake_case, camelCase, kebab-case, plain text.
func words(s string) []string {
	var out []string
	for _, chunk := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out = append(out, camelWords(chunk)...)
	}
	return out
}

// camelWords splits at the change from small to capital and before the last capital of a run: MRZData is MRZ, Data.
func camelWords(chunk string) []string {
	runes := []rune(chunk)
	var out []string
	start := 0
	for i := 1; i < len(runes); i++ {
		up := unicode.IsUpper(runes[i])
		switch {
		case up && !unicode.IsUpper(runes[i-1]):
		case !up && unicode.IsLetter(runes[i]) && unicode.IsUpper(runes[i-1]) && i-1 > start && !plural(runes, i):
			out = append(out, string(runes[start:i-1]))
			start = i - 1
			continue
		default:
			continue
		}
		out = append(out, string(runes[start:i]))
		start = i
	}
	return append(out, string(runes[start:]))
}

// plural reports whether position i is the s of a plural such as IDs or URLsOf.
func plural(runes []rune, i int) bool {
	return runes[i] == 's' && (i+1 == len(runes) || unicode.IsUpper(runes[i+1]))
}

// goName writes the name of a member or component as an exported Go name.
func goName(s string) string {
	var b strings.Builder
	for _, word := range words(s) {
		b.WriteString(goWord(word))
	}
	return b.String()
}

// constName writes a value of an enumeration as the end of a constant's name; capitals only are read as shouting.
func constName(value string) string {
	if value == strings.ToUpper(value) {
		value = strings.ToLower(value)
	}
	return goName(value)
}

func goWord(word string) string {
	if name, ok := initialisms[strings.ToLower(word)]; ok {
		return name
	}
	runes := []rune(word)
	runes[0] = unicode.ToUpper(runes[0])
	return string(runes)
}

// singular names one item of a list member, so far as English is regular.
func singular(s string) string {
	switch {
	case strings.HasSuffix(s, "ies"):
		return strings.TrimSuffix(s, "ies") + "y"
	case strings.HasSuffix(s, "sses"), strings.HasSuffix(s, "xes"), strings.HasSuffix(s, "ches"):
		return strings.TrimSuffix(s, "es")
	case strings.HasSuffix(s, "ss"), strings.HasSuffix(s, "us"), strings.HasSuffix(s, "is"):
		return s
	}
	return strings.TrimSuffix(s, "s")
}

// exported reports whether s is an exported Go identifier.
func exported(s string) bool {
	for i, r := range s {
		if i == 0 && !unicode.IsUpper(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			return false
		}
	}
	return s != ""
}
