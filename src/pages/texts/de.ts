import type { Texts } from './en.js'

/** Every word of the pages in German. */
export const de: Texts = {
  'nav.label': 'Ihr Konto',
  'nav.skip': 'Zum Inhalt springen',
  'nav.account': 'Konto',
  'nav.sessions': 'Sitzungen',
  'nav.keys': 'API-Schlüssel',
  'nav.users': 'Benutzer',
  'nav.signOut': 'Abmelden',
  'foot.label': 'Hilfe und Rechtliches',
  'foot.support': 'Hilfe',
  'foot.terms': 'Nutzungsbedingungen',
  'foot.privacy': 'Datenschutz',

  'login.title': 'Anmelden',
  'login.submit': 'Anmelden',
  'login.with': 'Mit {provider} anmelden',
  'login.or': 'oder',
  'login.noAccount': 'Noch kein Konto?',
  'login.register': 'Konto anlegen',
  'login.keep': 'Angemeldet bleiben',
  'login.keep.hint': 'Nicht auf einem Computer, den andere mitbenutzen.',
  'login.passkey': 'Mit einem Passkey anmelden',
  'login.byMail': 'Per E-Mail anmelden',
  'login.forgot': 'Passwort vergessen?',

  'register.title': 'Konto anlegen',
  'register.closed': 'Registrierung geschlossen',
  'register.submit': 'Konto anlegen',
  'register.with': 'Mit {provider} registrieren',
  'register.haveAccount': 'Schon ein Konto?',
  'register.login': 'Anmelden',
  'register.signInInstead': 'Stattdessen anmelden',

  'forgot.title': 'Passwort zurücksetzen',
  'forgot.about':
    'Geben Sie die Adresse Ihres Kontos ein. Sie erhalten eine E-Mail mit einem Link und einem Code, mit denen Sie ein neues Passwort festlegen.',
  'forgot.submit': 'E-Mail senden',
  'forgot.none': 'Dieser Dienst versendet keine E-Mails',
  'forgot.none.about': 'Bitten Sie einen Administrator, Ihnen mit dem Passwort zu helfen.',
  'reset.title': 'Neues Passwort wählen',
  'reset.sent':
    'Wenn es ein Konto mit der Adresse {email} gibt, erhält es jetzt eine E-Mail. Öffnen Sie deren Link, oder geben Sie hier den Code ein.',
  'reset.typed':
    'Geben Sie den Code der E-Mail in dem Browser ein, in dem Sie sie angefordert haben.',
  'reset.about': 'Sie werden überall abgemeldet. Melden Sie sich danach mit dem neuen Passwort an.',
  'reset.submit': 'Passwort festlegen',
  'reset.again': 'Neue E-Mail anfordern',

  'mailSignIn.title': 'Per E-Mail anmelden',
  'mailSignIn.about':
    'Geben Sie die Adresse Ihres Kontos ein. Sie erhalten eine E-Mail mit einem Link und einem Code, mit denen Sie sich anmelden.',
  'mailSignIn.submit': 'E-Mail senden',
  'mailSignIn.sent':
    'Wenn es ein Konto mit der Adresse {email} gibt, erhält es jetzt eine E-Mail. Geben Sie hier ihren Code ein, oder öffnen Sie ihren Link in diesem Browser.',
  'mailSignIn.again': 'Noch eine E-Mail senden',
  'mailSignIn.otherwise': 'Anders anmelden',
  'mailSignIn.elsewhere':
    'In diesem Browser wurde die E-Mail nicht oder vor zu langer Zeit angefordert. Geben Sie den Code dort ein, wo Sie sie angefordert haben, oder fordern Sie hier eine neue an.',
  'startOver.about':
    'Es gibt ein Konto mit Ihrer Adresse {email}. Es hat nie nachgewiesen, dass die Adresse dem gehört, der es angelegt hat.',
  'startOver.mine':
    'Melden Sie sich mit seinem Passwort oder seinem Anbieter an. Danach können Sie sich in diesem Browser auch per E-Mail anmelden.',
  'startOver.other':
    'Das Konto wird Ihres, und alles, was jemand anders darin angelegt hat, wird entfernt: Passwort, Sitzungen, API-Schlüssel, verknüpfte Identitäten und der Name.',
  'undo.title': 'Änderung Ihrer E-Mail-Adresse rückgängig machen',
  'undo.about':
    'Ihr Konto erhält seine alte Adresse zurück, mit dem Passwort von damals. Alle Sitzungen enden, und API-Schlüssel und verknüpfte Identitäten, die seitdem hinzukamen, werden ausgesetzt.',
  'undo.password': 'Passwort vor der Änderung',
  'undo.provider':
    'Wenn Sie sich bei einem Anbieter anmelden, der vor der Änderung verknüpft war, melden Sie sich zuerst dort an, öffnen Sie den Link noch einmal, und lassen Sie das Passwort leer.',
  'undo.submit': 'Änderung rückgängig machen',
  'undo.refused':
    'Das hat nicht geklappt. Der Link gilt nicht mehr, oder das war nicht das Passwort vor der Änderung.',

  'keepFactors.title': 'Ihre zweiten Faktoren behalten',
  'keepFactors.about':
    'Ein Administrator hat begonnen, alle zweiten Faktoren Ihres Kontos zu entfernen. Wenn Sie nicht darum gebeten haben oder es nicht mehr brauchen, behalten Sie sie: Dann ändert sich nichts. Wenn Sie glauben, dass jemand anders darum gebeten hat, sagen Sie es auch den Betreibern dieses Dienstes.',
  'keepFactors.sure': 'Ich habe sie noch, oder ich habe nicht darum gebeten',
  'keepFactors.submit': 'Meine zweiten Faktoren behalten',
  'keepFactors.refused':
    'Das hat nicht geklappt. Der Link gilt nicht mehr: Das Entfernen wurde schon zurückgenommen, oder es ist geschehen.',

  'verify.title': 'E-Mail-Adresse bestätigen',
  'verify.sent':
    'Wir haben eine E-Mail an {email} gesendet. Geben Sie hier ihren Code ein, oder öffnen Sie ihren Link in diesem Browser. Wenn keine E-Mail da ist, sehen Sie im Spam-Ordner nach.',
  'verify.typed':
    'Geben Sie den Code der E-Mail in dem Browser ein, in dem Sie sie angefordert haben, oder öffnen Sie ihren Link.',
  'verify.elsewhere':
    'In diesem Browser wurde die E-Mail nicht angefordert. Geben Sie hier das Passwort Ihres Kontos ein, oder dort den Code der E-Mail.',
  'verify.submit': 'Adresse bestätigen',
  'verify.wrongPassword': 'Das ist nicht das Passwort des Kontos.',
  'verify.notMine': 'Ich habe dieses Konto nicht angelegt',
  'verify.notMine.about':
    'Das Konto mit Ihrer Adresse wird Ihres, und alles, was jemand anders darin angelegt hat, wird entfernt: Passwort, Sitzungen, API-Schlüssel, verknüpfte Identitäten und der Name. Um es zu benutzen, legen Sie mit „Passwort vergessen?“ ein Passwort fest.',
  'verify.notMine.sure': 'Jemand anders hat dieses Konto angelegt',
  'verify.notMine.submit': 'Das Konto übernehmen',

  'free.title': 'Ist dieses Konto Ihres?',
  'free.about':
    'Es gibt schon ein Konto mit Ihrer Adresse {email}. Wem es gehört, hat nicht nachgewiesen, dass die Adresse seine ist.',
  'free.mine': 'Wenn Sie es angelegt haben',
  'free.mine.about':
    'Melden Sie sich an wie bisher und verknüpfen Sie dann {provider} auf Ihrer Kontoseite. Sie behalten alles.',
  'free.mine.submit': 'An diesem Konto anmelden',
  'free.other': 'Wenn Sie es nicht angelegt haben',
  'free.other.about':
    'Nehmen Sie Ihre Adresse für ein neues Konto. Das andere Konto verliert die Adresse und wird überall abgemeldet. Seine Daten und API-Schlüssel behält es.',
  'free.submit': 'Meine Adresse nehmen',

  'readdress.title': 'Ihr Konto braucht eine andere Adresse',
  'readdress.about':
    'Ihr Konto hat die Adresse {email} nicht mehr. Alles andere darin ist, wie Sie es verlassen haben. Wählen Sie eine andere Adresse und melden Sie sich dann mit ihr und Ihrem Passwort an.',
  'readdress.submit': 'Diese Adresse verwenden',

  'logout.about': 'Möchten Sie sich in diesem Browser abmelden?',

  'field.email': 'E-Mail-Adresse',
  'field.name': 'Name',
  'field.optional': 'freiwillig',
  'field.password': 'Passwort',
  'field.currentPassword': 'Bisheriges Passwort',
  'field.newPassword': 'Neues Passwort',
  'field.show': 'Passwort zeigen',
  'field.hide': 'Passwort verbergen',
  'field.newEmail': 'Neue E-Mail-Adresse',
  'field.newEmail.wrong': 'Geben Sie eine E-Mail-Adresse ein, etwa ada@example.com.',
  'field.link': 'Link aus der E-Mail',
  'field.link.hint': 'Kopieren Sie den ganzen Link aus der E-Mail, und fügen Sie ihn hier ein.',
  'field.link.wrong': 'Fügen Sie den Link aus der E-Mail ein.',
  'field.totp': 'Code Ihrer Authenticator-App',
  'field.totp.hint': 'Sechs Ziffern, die alle 30 Sekunden wechseln.',
  'field.totp.wrong':
    'Dieser Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten der App.',
  'field.recoveryCode': 'Wiederherstellungscode',
  'field.recoveryCode.hint': 'Vierundzwanzig Buchstaben und Ziffern. Er gilt einmal.',
  'field.recoveryCode.wrong':
    'Das ist keiner Ihrer Wiederherstellungscodes, oder er wurde schon benutzt.',
  'field.code': 'Code aus der E-Mail',
  'field.code.hint': 'Acht Ziffern, zehn Minuten gültig.',
  'field.code.wrong': 'Geben Sie die acht Ziffern aus der E-Mail ein.',
  'field.email.wrong': 'Geben Sie eine E-Mail-Adresse ein, etwa ada@example.com.',
  'field.name.wrong': 'Geben Sie einen Namen mit höchstens 100 Zeichen ein.',
  'field.password.wrong': 'Geben Sie ein Passwort ein.',
  'field.currentPassword.wrong': 'Geben Sie Ihr bisheriges Passwort ein.',
  'field.scopes.wrong': 'Wählen Sie mindestens eine Berechtigung.',
  'field.expiry.wrong': 'Schlüssel dieses Dienstes laufen früher ab. Wählen Sie eine kürzere Zeit.',
  'field.rateLimit.wrong':
    'Geben Sie eine Zahl von 1 bis 1.000.000 ein. Der Dienst kann eine niedrigere Grenze setzen.',
  'field.monthlyQuota.wrong':
    'Geben Sie eine Zahl von 1 bis 1.000.000.000 ein. Der Dienst kann ein kleineres Kontingent setzen.',
  'field.allowedCidrs.wrong':
    'Geben Sie Adressbereiche mit einem Leerzeichen dazwischen ein, etwa 192.0.2.0/24 2001:db8::/32.',

  'password.rules': 'Mindestens {min} Zeichen. Mehrere Wörter ergeben ein gutes Passwort.',
  'password.NOT_UNICODE': 'Dieses Passwort enthält Zeichen, die sich nicht speichern lassen.',
  'password.TOO_SHORT': 'Zu kurz: Es braucht mindestens {min} Zeichen.',
  'password.TOO_LONG': 'Zu lang: Mehr als {max} Zeichen gehen nicht.',
  'password.INITIAL': 'Dieses Passwort wurde für Sie gewählt. Wählen Sie ein anderes.',
  'password.COMMON': 'Das ist eines der häufigsten Passwörter. Wählen Sie ein anderes.',
  'password.REPETITIVE': 'Das sind immer wieder dieselben Zeichen. Wählen Sie ein anderes.',
  'password.CONTAINS_EMAIL': 'Ihre E-Mail-Adresse darf nicht darin vorkommen.',
  'password.strength': 'Stärke',
  'password.strength.0': 'Sehr leicht zu erraten',
  'password.strength.1': 'Leicht zu erraten',
  'password.strength.2': 'Mittel',
  'password.strength.3': 'Gut',
  'password.strength.4': 'Stark',

  'account.title': 'Ihr Konto',
  'account.hello': 'Guten Tag, {name}',
  'account.profile': 'Profil',
  'account.id': 'Benutzer-ID',
  'account.role': 'Rolle',
  'account.since': 'Dabei seit',
  'role.user': 'Benutzer',
  'role.admin': 'Administrator',
  'account.password': 'Passwort',
  'account.password.change': 'Passwort ändern',
  'account.password.changes': 'Die Änderung meldet Sie überall ab, nur hier nicht.',
  'account.password.none': 'Sie haben noch kein Passwort: Sie melden sich bei einem Anbieter an.',
  'account.password.set': 'Passwort festlegen',
  'account.identities': 'Verknüpfte Identitäten',
  'account.identities.about': 'Andere Wege, sich an diesem Konto anzumelden.',
  'account.identities.none': 'Noch ist nichts verknüpft.',
  'account.identities.linked': 'verknüpft am {date}',
  'account.identities.link': '{provider} verknüpfen',
  'account.identities.unlink': 'Lösen',
  'account.identities.unlink.about': 'Mit {provider} können Sie sich dann nicht mehr anmelden.',
  'account.identities.unlink.submit': 'Verknüpfung lösen',
  'account.identities.enable': 'Freigeben',
  'account.identities.enable.about':
    'Wer diese Identität hat, kann sich dann wieder an Ihrem Konto anmelden. Geben Sie sie nur frei, wenn Sie sie verknüpft haben.',
  'account.identities.enable.submit': 'Diese Identität freigeben',
  'account.identities.enableWhich': 'Freigeben: {provider}, {email}',
  'account.identities.suspended': 'Ausgesetzt',
  'account.suspended': 'Ausgesetzte API-Schlüssel',
  'account.suspended.about':
    'Diese Schlüssel wurden kurz vor der Änderung Ihres Passworts angelegt. Sie funktionieren erst wieder, wenn Sie sie freigeben.',
  'account.suspended.created': 'angelegt am {date}',
  'account.suspended.enableWhich': 'Freigeben: {name}',
  'account.password.suspend': 'Auch aussetzen, was kürzlich hinzukam',
  'account.password.suspend.hint':
    'Das hält API-Schlüssel und verknüpfte Identitäten an, die in den letzten 7 Tagen hinzukamen, oder seit Beginn Ihrer ältesten anderen Sitzung, wenn das kürzer ist. Sie können jede einzeln wieder freigeben. Passkeys aus dieser Zeit brauchen einmal zuerst Ihr Passwort. Ältere funktionieren weiter.',
  'account.identities.unlinkWhich': 'Verknüpfung lösen: {provider}, {email}',

  'secondStep.title': 'Noch ein Schritt',
  'secondStep.about':
    'Ihr Konto hat einen zweiten Faktor. Weisen Sie ihn nach, um sich anzumelden.',
  'secondStep.trust': 'Das ist mein eigenes Gerät',
  'secondStep.trust.hint':
    'Es wird eine Zeit lang nicht mehr nach dem zweiten Faktor gefragt. Lassen Sie das Feld leer, wenn andere den Computer mitbenutzen.',
  'factor.submit': 'Weiter',
  'factor.lost': 'Wiederherstellungscode verwenden',
  'fewCodes.title': 'Sie sind angemeldet',
  'fewCodes.about':
    'Ohne Wiederherstellungscode sperrt ein verlorenes Gerät Sie aus Ihrem Konto aus. Erzeugen Sie jetzt neue Codes und bewahren Sie sie sicher auf.',
  'fewCodes.submit': 'Neue Codes erzeugen',
  'fewCodes.later': 'Später',

  'stepUp.title': 'Sind Sie es?',
  'stepUp.about': 'Bestätigen Sie vor einer wichtigen Änderung noch einmal, dass Sie es sind.',
  'stepUp.wrongPassword': 'Das ist nicht das Passwort Ihres Kontos.',

  'enrolment.title': 'Zweiten Faktor einrichten',
  'enrolment.about':
    'Ihr Konto braucht neben Passwort oder E-Mail einen zweiten Faktor. Wählen Sie einen; weitere können Sie später hinzufügen.',
  'enrolment.passkey': 'Passkey',
  'enrolment.otherwise': 'Anderen Weg wählen',
  'enrolment.done': 'Sie sind angemeldet',

  'factors.title': 'Zweite Faktoren',
  'factors.about': 'Mit einem zweiten Faktor öffnet das Passwort allein Ihr Konto nicht.',
  'factors.back': 'Ihr Konto',
  'factors.link': 'Passkeys, Authenticator-App, Wiederherstellungscodes',
  'factors.on': 'Aktiv',
  'factors.added': 'hinzugefügt {date}',
  'factors.remove': 'Entfernen',
  'factors.removeWhich': '{name} entfernen',
  'factors.offer': 'Schützen Sie Ihr Konto',
  'factors.offer.about':
    'Mit einem Passkey oder einer Authenticator-App öffnet ein gestohlenes Passwort Ihr Konto nicht.',
  'factors.offer.submit': 'Zweiten Faktor einrichten',
  'factors.offer.later': 'Nicht jetzt',
  'factors.codes': 'Wiederherstellungscodes',
  'factors.codes.about':
    'Jeder öffnet Ihr Konto einmal anstelle Ihres Geräts, wenn Sie es verlieren.',
  'factors.codes.left.one': 'Sie haben noch 1 Wiederherstellungscode.',
  'factors.codes.left.other': 'Sie haben noch {left} Wiederherstellungscodes.',
  'factors.codes.few': 'Erzeugen Sie neue, bevor Sie sie brauchen.',
  'factors.codes.replace': 'Neue Codes erzeugen',
  'factors.codes.replace.about': 'Ihre bisherigen Codes gelten dann sofort nicht mehr.',
  'factors.codes.replace.submit': 'Codes ersetzen',
  'codes.title': 'Speichern Sie Ihre Wiederherstellungscodes',
  'codes.about':
    'Sie werden nur dieses eine Mal gezeigt. Drucken Sie sie aus oder bewahren Sie sie bei Ihren Passwörtern auf, aber nicht auf dem Gerät, das sie ersetzen. Jeder gilt einmal.',
  'codes.print': 'Drucken',
  'codes.done': 'Ich habe sie gespeichert',

  'totp.title': 'Authenticator-App',
  'totp.about':
    'Eine App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code aus sechs Ziffern.',
  'totp.begin': 'App einrichten',
  'totp.scan':
    'Scannen Sie das Bild mit Ihrer Authenticator-App und geben Sie dann den Code ein, den die App zeigt.',
  'totp.qr': 'QR-Code für Ihre Authenticator-App',
  'totp.open': 'App auf diesem Gerät öffnen',
  'totp.secret': 'Wenn die App keine Kamera hat, geben Sie in ihr diesen Schlüssel ein:',
  'totp.confirm': 'Aktivieren',
  'totp.remove.about': 'Die Codes der App öffnen Ihr Konto dann nicht mehr.',
  'totp.remove.submit': 'App entfernen',

  'passkeys.title': 'Passkeys',
  'passkeys.about':
    'Ihr Gerät oder Sicherheitsschlüssel meldet Sie mit Fingerabdruck, Gesicht oder PIN an, ohne Passwort.',
  'passkeys.add': 'Passkey hinzufügen',
  'passkeys.name': 'Name des Passkeys',
  'passkeys.name.hint': 'Damit Sie ihn wiedererkennen, etwa „blauer Sicherheitsschlüssel“.',
  'passkeys.used': 'zuletzt benutzt {date}',
  'passkeys.unused': 'nie benutzt',
  'passkeys.synced': 'kann auf mehreren Geräten sein',
  'passkeys.bound': 'bleibt auf einem Gerät',
  'passkeys.suspended':
    'Ausgesetzt, weil er kurz vor der Änderung Ihres Passworts hinzukam. Verwenden Sie ihn einmal als zweiten Faktor einer Anmeldung, dann genügt er wieder allein. Wenn er nicht Ihnen gehört, entfernen Sie ihn.',
  'passkeys.rename': 'Umbenennen',
  'passkeys.renameWhich': '{name} umbenennen',
  'passkeys.rename.submit': 'Namen speichern',
  'passkeys.remove.about':
    'Er öffnet Ihr Konto dann nicht mehr. Löschen Sie ihn auch auf Ihrem Gerät, sonst bietet es ihn weiter an.',
  'passkeys.remove.submit': 'Diesen Passkey entfernen',
  'passkey.use': 'Passkey verwenden',
  'passkey.known': 'Dieses Gerät hat schon einen Passkey für Ihr Konto.',
  'passkey.needsScript': 'Passkeys brauchen einen aktuellen Browser mit eingeschalteten Skripten.',
  'passkey.assertion.failed':
    'Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',
  'passkey.attestation.failed':
    'Es wurde kein Passkey angelegt. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',

  'devices.title': 'Ihre eigenen Geräte',
  'devices.about': 'Diese Browser werden nicht nach dem zweiten Faktor gefragt.',
  'devices.since': 'seit {date}',
  'devices.until': 'bis {date}',
  'devices.end': 'Vergessen',
  'devices.endWhich': 'Vergessen: {device}, {address}',

  'sessions.title': 'Sitzungen',
  'sessions.about':
    'Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und ändern Sie Ihr Passwort.',
  'sessions.current': 'Diese hier',
  'sessions.device': '{browser} auf {system}',
  'sessions.device.unknown': 'Unbekanntes Gerät',
  'sessions.used': 'zuletzt benutzt {date}',
  'sessions.began': 'angemeldet {date}',
  'sessions.replayed':
    'Ein weiteres Programm hat diese Sitzung am {date} benutzt: {device}, {address}. Wenn Sie es nicht kennen, beenden Sie die Sitzung.',
  'sessions.end': 'Beenden',
  'sessions.endWhich': 'Sitzung beenden: {device}, {address}',
  'sessions.endAll': 'Alle Sitzungen beenden',
  'sessions.endAll.about': 'Das meldet Sie auch hier ab.',
  'sessions.more': 'Und {count} weitere, die davor benutzt wurden.',

  'keys.title': 'API-Schlüssel',
  'keys.about': 'Für Programme, die die API in Ihrem Namen aufrufen.',
  'keys.none': 'Noch keine Schlüssel',
  'keys.none.about':
    'Ein Schlüssel lässt ein Programm ohne Ihr Passwort herein. Legen Sie unten den ersten an.',
  'keys.list': 'Ihre Schlüssel',
  'keys.active': 'Aktiv',
  'keys.disabled': 'Gesperrt',
  'keys.suspended': 'Ausgesetzt',
  'keys.expired': 'Abgelaufen',
  'keys.leaked': 'Öffentlich gesehen',
  'keys.used': 'zuletzt benutzt {date}',
  'keys.unused': 'nie benutzt',
  'keys.expires': 'läuft ab am {date}',
  'keys.expiresNever': 'läuft nicht ab',
  'keys.create': 'Schlüssel anlegen',
  'keys.create.submit': 'Schlüssel anlegen',
  'keys.name': 'Name',
  'keys.name.hint': 'Wofür er ist, etwa „Rechnungsexport“.',
  'keys.scopes': 'Berechtigungen',
  'keys.expiry': 'Läuft ab',
  'keys.expiry.30': 'in 30 Tagen',
  'keys.expiry.90': 'in 90 Tagen',
  'keys.expiry.365': 'in einem Jahr',
  'keys.expiry.never': 'nie',
  'keys.limits': 'Grenzen',
  'keys.rateLimit': 'Ratenbegrenzung',
  'keys.rateLimit.hint':
    'Wie viele Aufrufe der Schlüssel in der Zeit darunter machen darf. Leer: unbegrenzt.',
  'keys.window': 'In',
  'keys.window.1': 'einer Sekunde',
  'keys.window.60': 'einer Minute',
  'keys.window.3600': 'einer Stunde',
  'keys.window.86400': 'einem Tag',
  'keys.window.other': '{seconds} Sekunden',
  'keys.quota': 'Monatliches Kontingent',
  'keys.quota.hint': 'Aufrufe in einem Kalendermonat. Leer: kein Kontingent.',
  'keys.ranges': 'Adressbereiche',
  'keys.ranges.hint':
    'Von wo der Schlüssel gilt, etwa 192.0.2.0/24 2001:db8::/32. Leer: von überall.',
  'keys.try': 'Ausprobieren:',
  'keys.try.label': 'Ein Beispielaufruf',
  'keys.shown': 'Kopieren Sie Ihren Schlüssel jetzt',
  'keys.shown.about':
    'Er wird nur dieses eine Mal gezeigt: Der Dienst behält einen Hash und nicht den Schlüssel. Bewahren Sie ihn auf wie ein Passwort.',
  'keys.shown.label': 'Der Schlüssel',
  'keys.copy': 'Kopieren',
  'keys.copied': 'Kopiert',
  'keys.copyFailed': 'Markieren und von Hand kopieren',
  'keys.shown.done': 'Ich habe ihn gespeichert',

  'key.back': 'Alle Schlüssel',
  'key.id': 'Schlüssel-ID',
  'key.begins': 'Schlüsselpräfix',
  'key.scopes': 'Berechtigungen',
  'key.created': 'Angelegt',
  'key.expires': 'Läuft ab',
  'key.used': 'Zuletzt benutzt',
  'key.never': 'Nie',
  'key.limit': 'Ratenbegrenzung',
  'key.limit.value': '{limit} in {seconds} s',
  'key.quota': 'Monatliches Kontingent',
  'key.oldSecret': 'Altes Geheimnis gilt bis',
  'key.leaked': 'Dieser Schlüssel wurde öffentlich gesehen. Erneuern Sie ihn.',
  'key.calls': 'Aufrufe am Tag',
  'key.calls.summary':
    'Aufrufe am Tag in den letzten 30 Tagen: {total} insgesamt, {most} am stärksten Tag.',
  'key.calls.refused': '{count} wurden abgewiesen.',
  'key.calls.none': 'Keine Aufrufe in den letzten 30 Tagen.',
  'key.ranges': 'Adressbereiche',
  'key.settings': 'Einstellungen',
  'key.settings.submit': 'Änderungen speichern',
  'key.suspended.service':
    'Dieser Schlüssel ist ausgesetzt: Er wurde kurz vor der Änderung des Passworts angelegt. Geben Sie ihn frei, wenn Sie ihn angelegt haben.',
  'key.suspended.administrator':
    'Ein Administrator hat diesen Schlüssel ausgesetzt. Bitten Sie einen, ihn freizugeben.',
  'key.enable.about':
    'Programme mit diesem Schlüssel können ihn dann wieder benutzen. Geben Sie ihn nur frei, wenn Sie ihn angelegt haben.',
  'key.enable.submit': 'Diesen Schlüssel freigeben',
  'key.rotate': 'Erneuern',
  'key.rotate.about':
    'Macht ein neues Geheimnis. Das alte gilt noch eine Weile, damit nichts stehen bleibt.',
  'key.rotate.overlap': 'Das alte gilt noch',
  'key.rotate.0': 'gar nicht',
  'key.rotate.3600': 'eine Stunde',
  'key.rotate.86400': 'einen Tag',
  'key.rotate.604800': 'eine Woche',
  'key.rotate.submit': 'Neues Geheimnis machen',
  'key.disable': 'Sperren',
  'key.enable': 'Freigeben',
  'key.delete': 'Löschen',
  'key.delete.about':
    'Was diesen Schlüssel benutzt, geht binnen einer halben Minute nicht mehr. Das lässt sich nicht rückgängig machen.',
  'key.delete.submit': 'Diesen Schlüssel löschen',
  'key.events': 'Verlauf',
  'key.event.created': 'Angelegt',
  'key.event.updated': 'Geändert',
  'key.event.rotated': 'Erneuert',
  'key.event.revoked': 'Vom Inhaber aufgegeben',
  'key.event.leaked': 'Öffentlich gesehen',
  'key.event.suspended': 'Ausgesetzt',
  'key.event.lifted': 'Wieder freigegeben',

  'users.title': 'Benutzer',
  'users.about': 'Finden Sie einen Benutzer über die ganze E-Mail-Adresse.',
  'users.find': 'Finden',
  'users.active': 'Aktiv',
  'users.disabled': 'Gesperrt',
  'email.verified': 'bestätigt',
  'email.unverified': 'nicht bestätigt',
  'email.none': 'keine Adresse',
  'email.change': 'Ändern',
  'email.change.title': 'E-Mail-Adresse',
  'email.change.new': 'Andere Adresse',
  'email.change.about':
    'Die neue Adresse erhält eine E-Mail mit einem Code. Bis Sie ihn hier eingeben, ändert sich nichts. Danach sind Sie überall abgemeldet, nur hier nicht, und Ihre alte Adresse erhält eine E-Mail, mit der sich die Änderung sieben Tage lang rückgängig machen lässt.',
  'email.change.current': 'Ihre jetzige Adresse',
  'email.change.submit': 'Code senden',
  'email.change.same': 'Diese Adresse hat Ihr Konto schon.',
  'email.change.code': 'Code eingeben',
  'email.change.sent':
    'Wir haben eine E-Mail an {email} gesendet. Wenn keine da ist, sehen Sie im Spam-Ordner nach. Die Adresse eines anderen Kontos erhält keinen Code.',
  'email.change.confirm': 'Adresse ändern',
  'email.verify': 'E-Mail zur Bestätigung senden',
  'email.none.about':
    'Ohne Adresse können Sie sich nicht mit einem Passwort anmelden. Bitten Sie einen Administrator, Ihrem Konto eine zu geben.',
  'users.signIn': 'Meldet sich an mit',
  'users.signIn.password': 'Passwort',
  'users.signIn.nothing': 'nichts',
  'users.factors.none': 'keiner',
  'users.factors.passkey': 'Passkey',
  'users.factors.totp': 'Authenticator-App',
  'users.factors.recovery-code': 'Wiederherstellungscodes',
  'users.self': 'Das sind Sie. Ein anderer Administrator kann Sie sperren oder Ihre Rolle ändern.',
  'users.promote': 'Zum Administrator machen',
  'users.promote.about':
    'Administratoren können Benutzer sperren, Rollen ändern und alle API-Schlüssel verwalten.',
  'users.promote.submit': 'Diesen Benutzer zum Administrator machen',
  'users.demote': 'Zum Benutzer machen',
  'users.disable': 'Sperren',
  'users.disable.about':
    'Er wird überall abgemeldet und kann sich nicht mehr anmelden; seine Schlüssel gelten nicht mehr.',
  'users.disable.submit': 'Diesen Benutzer sperren',
  'users.enable': 'Freigeben',
  'users.endSessions': 'Alle Sitzungen beenden',
  'users.offerPassword': 'Passwort-Link senden',
  'users.verifyAddress': 'Adresse bestätigen',
  'users.verifyAddress.about':
    'Sie gilt dann als nachgewiesen, auch für andere Apps. Wer das Konto angelegt hat, behält Passwort, Sitzungen und Schlüssel; seien Sie sich dieser Person sicher. Sie wird per E-Mail benachrichtigt.',
  'users.verifyAddress.submit': 'Diese Adresse bestätigen',
  'users.locked':
    'Nach 100 falschen Codes in Folge gilt die Authenticator-App dieses Benutzers nicht mehr. Ein Passkey oder ein Wiederherstellungscode gilt weiterhin.',
  'users.unlock': 'Authenticator-App wieder zulassen',
  'users.removal': 'Verlorene zweite Faktoren entfernen',
  'users.removal.about':
    'Für einen Benutzer, der sie verloren hat: Vergewissern Sie sich, dass er selbst Sie darum bittet. Authenticator-App, Passkeys und Wiederherstellungscodes werden entfernt, und er wird überall abgemeldet. Der Benutzer erhält eine E-Mail und kann sie mit deren Link behalten.',
  'users.removal.when.user':
    'Es wird bei seiner ersten Anmeldung nach 24 Stunden wirksam, oder sofort, wenn ein weiterer Administrator es hier bestätigt.',
  'users.removal.when.admin':
    'Bei einem Administrator wird es nach 24 Stunden wirksam, und nur, wenn ein weiterer Administrator es hier bestätigt. Die Befehlszeile tut es sofort.',
  'users.removal.submit': 'Entfernen beginnen',
  'users.removal.pending.user':
    'Ein Administrator hat begonnen, die zweiten Faktoren dieses Benutzers zu entfernen. Es wird bei seiner ersten Anmeldung nach {time} wirksam, oder wenn ein weiterer Administrator es bestätigt.',
  'users.removal.pending.admin':
    'Ein Administrator hat begonnen, die zweiten Faktoren dieses Benutzers zu entfernen. Es wird bei seiner ersten Anmeldung nach {time} wirksam, wenn ein weiterer Administrator es bestätigt.',
  'users.removal.confirmed': 'Ein weiterer Administrator hat es bestätigt.',
  'users.removal.told':
    'Der Benutzer hat eine E-Mail erhalten und kann sie mit deren Link behalten.',
  'users.removal.untold':
    'Der Benutzer hat keine E-Mail erhalten, weil dieser Dienst keine sendet oder das Konto keine Adresse hat.',
  'users.removal.confirm': 'Entfernen bestätigen',
  'users.removal.confirm.about':
    'Bestätigen Sie es nur, wenn auch Sie sich vergewissert haben, dass der Benutzer selbst darum bittet. Er wird überall abgemeldet, und seine nächste Anmeldung braucht keinen zweiten Faktor.',
  'users.removal.confirm.submit': 'Entfernen bestätigen',
  'users.removal.takeBack': 'Entfernen zurücknehmen',
  'users.releaseAddress': 'Adresse entziehen',
  'users.releaseAddress.about':
    'Ein anderes Konto kann sie dann haben, und dieser Benutzer wird überall abgemeldet. 30 Tage lang führen die alte Adresse und das Passwort zur Wahl einer anderen.',
  'users.releaseAddress.submit': 'Diese Adresse entziehen',

  'done.SIGNED_OUT': 'Sie sind abgemeldet.',
  'done.SESSIONS_ENDED': 'Alle Ihre Sitzungen sind beendet.',
  'done.SESSION_ENDED': 'Die Sitzung ist beendet.',
  'done.READDRESSED': 'Ihr Konto hat eine neue Adresse. Melden Sie sich mit ihr an.',
  'done.PASSWORD_CHANGED': 'Ihr Passwort ist geändert. Alle anderen Sitzungen sind beendet.',
  'done.EMAIL_CHANGED': 'Ihre E-Mail-Adresse ist geändert. Alle anderen Sitzungen sind beendet.',
  'done.EMAIL_CHANGE_UNDONE':
    'Ihre alte Adresse ist zurück. Melden Sie sich damit an. Wenn jemand anders Ihr Passwort kennt, legen Sie ein neues fest.',
  'done.ENROLMENT_MAILED':
    'Ihr Konto braucht einen zweiten Faktor. Geben Sie zuerst den Code aus der E-Mail ein und richten Sie ihn dann ein.',
  'done.FACTORS_KEPT': 'Ihre zweiten Faktoren bleiben. Es wurde nichts entfernt.',
  'done.EMAIL_VERIFIED': 'Ihre E-Mail-Adresse ist bestätigt.',
  'done.ACCOUNT_DISOWNED':
    'Das Konto ist jetzt Ihres und leer. Um es zu benutzen, legen Sie mit „Passwort vergessen?“ ein Passwort fest.',
  'done.PASSWORD_RESET': 'Ihr Passwort ist festgelegt. Melden Sie sich damit an.',
  'done.IDENTITY_ENABLED': 'Die Identität ist freigegeben.',
  'done.IDENTITY_UNLINKED': 'Die Verknüpfung ist gelöst.',
  'done.STEPPED_UP': 'Danke. Jetzt können Sie Ihre Änderung vornehmen.',
  'done.FACTOR_ADDED': 'Der zweite Faktor ist hinzugefügt.',
  'done.FACTOR_REMOVED': 'Der zweite Faktor ist entfernt.',
  'done.PASSKEY_RENAMED': 'Der Passkey hat einen neuen Namen.',
  'done.DEVICE_ENDED': 'Das Gerät wird wieder nach dem zweiten Faktor gefragt.',
  'done.KEY_CHANGED': 'Der Schlüssel ist geändert.',
  'done.KEY_DISABLED': 'Der Schlüssel ist gesperrt.',
  'done.KEY_ENABLED': 'Der Schlüssel ist freigegeben.',
  'done.KEY_DELETED': 'Der Schlüssel ist gelöscht.',
  'done.PASSWORD_OFFERED': 'Eine E-Mail mit einem Link geht an den Benutzer.',
  'done.USER_CHANGED': 'Der Benutzer ist geändert.',
  'done.USER_SESSIONS_ENDED': 'Alle Sitzungen des Benutzers sind beendet.',

  'error.ACCESS_DENIED': 'Sie haben dem Anbieter nicht erlaubt, Sie anzumelden.',
  'error.SIGN_IN_EXPIRED':
    'Diese Anmeldung hat zu lange gedauert, begann in einem anderen Browser, oder Ihr Browser hat ihr Cookie nicht behalten. Versuchen Sie es noch einmal.',
  'error.SIGN_IN_REQUIRED': 'Melden Sie sich erst an und verknüpfen Sie dann.',
  'error.RECENT_SIGN_IN_REQUIRED':
    'Zu Ihrer Sicherheit: Melden Sie sich noch einmal an, bevor Sie dies ändern.',
  'error.PROVIDER_UNAVAILABLE':
    'Der Anbieter antwortet nicht. Versuchen Sie es später, oder melden Sie sich anders an.',
  'error.PROVIDER_ERROR':
    'Der Antwort des Anbieters ist nicht zu trauen. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
  'error.EMAIL_MISSING':
    'Der Anbieter hat keine E-Mail-Adresse genannt. Erlauben Sie es ihm, oder melden Sie sich anders an.',
  'error.EMAIL_UNSUPPORTED':
    'Der Anbieter hat eine E-Mail-Adresse genannt, die ein Konto hier nicht haben kann. Verwenden Sie dort eine andere, oder melden Sie sich anders an.',
  'error.EMAIL_UNVERIFIED':
    'Der Anbieter hat Ihre E-Mail-Adresse nicht bestätigt. Bestätigen Sie sie dort und versuchen Sie es dann noch einmal.',
  'error.ACCOUNT_EXISTS':
    'Es gibt ein Konto mit Ihrer E-Mail-Adresse. Melden Sie sich an wie bisher und verknüpfen Sie dann dort den Anbieter.',
  'error.EMAIL_VERIFICATION_REQUIRED':
    'Ihr Konto hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'error.SECOND_FACTOR_ENROLMENT_REQUIRED':
    'Ihr Konto braucht einen zweiten Faktor und hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'error.SIGN_UP_CLOSED':
    'Sie können hier nicht selbst ein Konto anlegen. Wenn Sie eines haben, melden Sie sich an wie bisher; sonst fragen Sie einen Administrator.',
  'error.ACCOUNT_DISABLED': 'Dieses Konto ist gesperrt. Fragen Sie einen Administrator.',
  'error.IDENTITY_SUSPENDED':
    'Diese Identität ist ausgesetzt, weil sie kurz vor der Änderung des Passworts verknüpft wurde. Melden Sie sich mit Ihrem Passwort an und geben Sie sie auf Ihrer Kontoseite frei.',
  'error.IDENTITY_TAKEN':
    'Diese Identität ist mit einem anderen Konto verknüpft. Lösen Sie sie dort zuerst.',
  'error.TOO_MANY_IDENTITIES':
    'Ihr Konto hat so viele Identitäten, wie es haben darf. Lösen Sie zuerst eine.',
  'error.TEMPORARILY_UNAVAILABLE':
    'Bei uns funktioniert gerade etwas nicht. Versuchen Sie es gleich noch einmal.',
  'error.SESSION_ENDED': 'Ihre Sitzung ist beendet. Melden Sie sich an, um fortzufahren.',
  'error.COOKIE_MISSING':
    'Ihr Browser hat das Cookie nicht behalten, das Sie angemeldet hält. Erlauben Sie Cookies für diese Seite und melden Sie sich noch einmal an.',

  'problem.title': 'Das hat nicht geklappt',
  'problem.title.403': 'Kein Zugriff',
  'problem.title.404': 'Seite nicht gefunden',
  'problem.title.429': 'Bitte warten Sie einen Moment',
  'problem.title.503': 'Gerade nicht verfügbar',
  'problem.back': 'Zurück',
  'problem.again': 'Noch einmal versuchen',
  'problem.home': 'Zu Ihrem Konto',
  'problem.NOT_FOUND': 'Unter dieser Adresse gibt es keine Seite.',
  'problem.METHOD_NOT_ALLOWED': 'Diese Adresse zeigt keine Seite.',
  'problem.INVALID_CREDENTIALS': 'E-Mail-Adresse oder Passwort ist falsch.',
  'problem.PASSWORD_CHANGE_REQUIRED':
    'Dieses Passwort wurde für Sie gewählt. Geben Sie es noch einmal ein und wählen Sie ein eigenes.',
  'problem.PASSWORD_CHANGE_UNNEEDED':
    'Sie haben schon ein eigenes Passwort. Melden Sie sich damit an.',
  'problem.WRONG_PASSWORD': 'Das bisherige Passwort ist falsch.',
  'problem.SIGN_UP_CLOSED':
    'Sie können hier nicht selbst ein Konto anlegen. Wenn Sie eines haben, melden Sie sich an wie bisher; sonst fragen Sie einen Administrator.',
  'problem.EMAIL_TAKEN': 'Es gibt schon ein Konto mit dieser Adresse.',
  'problem.RATE_LIMITED': 'Zu viele Versuche. Versuchen Sie es in {minutes} Minuten noch einmal.',
  'problem.RATE_LIMITED.minute': 'Zu viele Versuche. Versuchen Sie es in einer Minute noch einmal.',
  'problem.BUSY': 'Gerade melden sich viele an. Versuchen Sie es gleich noch einmal.',
  'problem.STORE_UNAVAILABLE':
    'Bei uns funktioniert gerade etwas nicht. Versuchen Sie es gleich noch einmal.',
  'problem.REFRESH_CONFLICT':
    'Ein anderes Fenster hat Ihre Sitzung gerade erneuert. Versuchen Sie es gleich noch einmal.',
  'problem.FOREIGN_ORIGIN': 'Das kam von einer anderen Website, darum geschah nichts.',
  'problem.FORBIDDEN':
    'Diese Seite ist für Administratoren. Fragen Sie einen davon, wenn Sie sie brauchen.',
  'problem.API_KEY_RESTRICTED':
    'Ein Administrator hat diesen Schlüssel eingeschränkt. Bitten Sie einen, ihn zu ändern.',
  'problem.SCOPE_RESERVED': 'Das dürfen Schlüsseln nur Administratoren erlauben.',
  'problem.TOO_MANY_KEYS':
    'Sie haben so viele Schlüssel, wie Sie haben dürfen. Löschen Sie zuerst einen.',
  'problem.API_KEY_NOT_FOUND': 'Diesen Schlüssel gibt es nicht.',
  'problem.SESSION_NOT_FOUND': 'Diese Sitzung ist schon beendet.',
  'problem.IDENTITY_NOT_FOUND': 'Diese Identität ist nicht mehr verknüpft.',
  'problem.LAST_SIGN_IN_METHOD':
    'Das ist Ihr letzter Weg, sich anzumelden. Legen Sie zuerst ein Passwort fest, oder verknüpfen Sie eine andere Identität.',
  'problem.USER_NOT_FOUND': 'Es gibt niemanden mit dieser Adresse.',
  'problem.OWN_ACCOUNT':
    'Sie können sich nicht selbst sperren oder Ihre eigene Rolle abgeben. Ein anderer Administrator kann es.',
  'problem.EMAIL_VERIFICATION_REQUIRED':
    'Ihr Konto hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'problem.SECOND_FACTOR_ENROLMENT_REQUIRED':
    'Ihr Konto braucht einen zweiten Faktor und hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'problem.ADMIN_ACCOUNT':
    'Dies ist das Konto eines Administrators. Nur die Befehlszeile kann das für dieses Konto tun.',
  'problem.FACTOR_INVALID':
    'Das hat nicht bewiesen, dass Sie es sind. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',
  'problem.FACTOR_NOT_FOUND': 'Diesen zweiten Faktor gibt es nicht mehr.',
  'problem.FACTOR_EXISTS': 'Ihr Konto hat schon eine Authenticator-App. Entfernen Sie sie zuerst.',
  'problem.LAST_FACTOR':
    'Ihr Konto muss einen zweiten Faktor behalten. Fügen Sie einen anderen hinzu, bevor Sie diesen entfernen.',
  'problem.PASSKEY_TAKEN': 'Dieser Passkey gehört schon zu einem Konto. Legen Sie einen neuen an.',
  'problem.TOO_MANY_PASSKEYS':
    'Sie haben so viele Passkeys, wie erlaubt sind. Entfernen Sie zuerst einen.',
  'problem.PASSKEY_SUSPENDED':
    'Dieser Passkey kam kurz vor der Änderung des Passworts hinzu. Melden Sie sich zuerst mit Ihrem Passwort an und verwenden Sie dann den Passkey.',
  'problem.PASSKEYS_OFF': 'Dieser Dienst nimmt keine Passkeys an.',
  'problem.DEVICE_NOT_FOUND': 'Dieses Gerät wird schon nach dem zweiten Faktor gefragt.',
  'problem.OWN_FACTORS':
    'Das sind Ihre eigenen zweiten Faktoren. Entfernen Sie sie auf Ihrer Kontoseite, oder bitten Sie einen anderen Administrator.',
  'problem.FACTORS_REMOVAL_NOT_FOUND':
    'Es wird nichts entfernt: Es wurde zurückgenommen, oder die zweiten Faktoren haben sich geändert.',
  'problem.SECOND_ADMINISTRATOR_REQUIRED':
    'Ein weiterer Administrator muss das bestätigen, oder es müssen 24 Stunden vergehen.',
  'problem.NO_ADDRESS': 'Dieses Konto hat keine E-Mail-Adresse.',
  'problem.MAIL_NOT_CONFIGURED':
    'Dieser Dienst versendet keine E-Mails. Bitten Sie einen Administrator um Hilfe.',
  'problem.TICKET_INVALID':
    'Dieser Link oder Code ist nicht oder nicht mehr gültig. Fordern Sie eine neue E-Mail an.',
  'problem.VALIDATION_FAILED': 'Im Formular stimmt etwas nicht.',
  'problem.OTHER':
    'Diese Anfrage ließ sich nicht bearbeiten. Gehen Sie zurück und versuchen Sie es noch einmal.',
}
